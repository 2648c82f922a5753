#include "kube/kube_client.hpp"

#include "kube/json_text.hpp"
#include "kube/kube_client_impl.hpp"
#include "kube/list_page.hpp"

namespace platformer::kube {

using net::http_method;

std::shared_ptr<const secret_string> delete_body(const delete_options& options) {
  if (options.uid.empty() && options.resource_version.empty() && !options.dry_run) return nullptr;
  nlohmann::json body = {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}};
  if (!options.uid.empty()) body["preconditions"]["uid"] = options.uid;
  if (!options.resource_version.empty()) body["preconditions"]["resourceVersion"] = options.resource_version;
  if (options.dry_run) body["dryRun"] = nlohmann::json::array({"All"});
  return share(dump_json(body));
}

task<nlohmann::json> kube_client::impl::object(request_plan made) {
  const result<net::http_reply, api_error> reply = co_await runner.send(std::move(made));
  if (!reply) co_return tl::unexpected(reply.error());
  co_return decode_reply_object(reply->status, reply->body.reveal());
}

task<std::monostate> kube_client::impl::remove(resource res, object_key key, delete_options wanted,
                                               message_policy policy) {
  auto path = object_path(res, key);
  if (!path) co_return refuse(path.error());
  request_plan made = plan(http_method::del, std::move(*path));
  made.body = delete_body(wanted);
  made.policy = policy;
  // The reply is a Status or the object; neither says more than the status code does.
  const result<net::http_reply, api_error> reply = co_await runner.send(std::move(made));
  if (!reply) co_return tl::unexpected(reply.error());
  co_return std::monostate{};
}

kube_client::kube_client(std::shared_ptr<net::http_client> http, std::shared_ptr<credentials> auth,
                         kube_client_options options)
    : impl_(
          std::make_shared<impl>(impl{request_runner(std::move(http), std::move(auth), options), options})) {}

std::shared_ptr<kube_client> kube_client::with_timeout(duration request_timeout) const {
  kube_client_options options = impl_->options;
  options.request_timeout = request_timeout;
  const auto made = std::make_shared<impl>(impl{impl_->runner.with(options), options});
  return std::shared_ptr<kube_client>(new kube_client(made));
}

std::optional<time_point> kube_client::server_time() const {
  return impl_->runner.server_time();
}

task<nlohmann::json> kube_client::get(resource res, object_key key) {
  const auto self = impl_;
  auto path = object_path(res, key);
  if (!path) co_return refuse(path.error());
  request_plan made = self->plan(http_method::get, std::move(*path));
  co_return co_await self->object(std::move(made));
}

task<list_page> kube_client::list(resource res, std::string ns, list_options options) {
  const auto self = impl_;
  auto path = collection_path(res, ns);
  if (!path) co_return refuse(path.error());
  request_plan made = self->plan(http_method::get, *path + list_query(options).text());
  if (options.metadata_only) made.accept = std::string(accept_metadata_list);
  made.max_reply_bytes = self->options.max_page_bytes;
  const result<net::http_reply, api_error> reply = co_await self->runner.send(std::move(made));
  if (!reply) co_return tl::unexpected(reply.error());
  co_return decode_list_page(reply->status, reply->body.reveal(), reply->find("Date"));
}

task<std::unique_ptr<net::http_stream>> kube_client::watch(resource res, std::string ns,
                                                           watch_options options) {
  const auto self = impl_;
  auto path = collection_path(res, ns);
  if (!path) co_return refuse(path.error());
  request_plan made = self->plan(http_method::get, *path + watch_query(options).text());
  if (options.metadata_only) made.accept = std::string(accept_metadata);
  co_return co_await self->runner.open(std::move(made));
}

task<nlohmann::json> kube_client::create(resource res, std::string ns, nlohmann::json body,
                                         write_options options) {
  const auto self = impl_;
  auto path = collection_path(res, ns);
  if (!path) co_return refuse(path.error());
  const auto query = write_query(options, self->options.field_manager);
  request_plan made = self->plan(http_method::post, *path + query.text());
  made.body = share(dump_json(body));
  co_return co_await self->object(std::move(made));
}

task<nlohmann::json> kube_client::update(resource res, object_key key, nlohmann::json body,
                                         write_options options) {
  const auto self = impl_;
  auto path = object_path(res, key, options.subresource);
  if (!path) co_return refuse(path.error());
  const auto query = write_query(options, self->options.field_manager);
  request_plan made = self->plan(http_method::put, *path + query.text());
  made.body = share(dump_json(body));
  co_return co_await self->object(std::move(made));
}

task<nlohmann::json> kube_client::patch(resource res, object_key key, patch_type type, nlohmann::json body,
                                        write_options options) {
  const auto self = impl_;
  auto path = object_path(res, key, options.subresource);
  if (!path) co_return refuse(path.error());
  const auto query = write_query(options, self->options.field_manager);
  request_plan made = self->plan(http_method::patch, *path + query.text());
  made.content_type = std::string(content_type_of(type));
  made.body = share(dump_json(body));
  co_return co_await self->object(std::move(made));
}

task<std::monostate> kube_client::remove(resource res, object_key key, delete_options options) {
  const auto self = impl_;
  co_return co_await self->remove(std::move(res), std::move(key), std::move(options), message_policy::full);
}

task<nlohmann::json> kube_client::get_path(std::string path) {
  const auto self = impl_;
  request_plan made = self->plan(http_method::get, std::move(path));
  made.accept = "application/json, */*";
  const result<net::http_reply, api_error> reply = co_await self->runner.send(std::move(made));
  if (!reply) co_return tl::unexpected(reply.error());
  // "/readyz" and the like answer with a word.
  if (reply->find("Content-Type").starts_with("text/plain")) co_return clean_message(reply->body.reveal());
  co_return decode_reply_object(reply->status, reply->body.reveal());
}

}  // namespace platformer::kube
