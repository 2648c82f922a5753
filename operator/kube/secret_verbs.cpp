// kube_client's verbs for Secrets: bodies stay in wiped buffers, error replies are reduced.
#include "kube/kube_client_impl.hpp"
#include "kube/secret_codec.hpp"

namespace platformer::kube {
namespace {

using net::http_method;

// Without a Secret's data in the reply; the fallback is for a server that can't convert.
constexpr std::string_view accept_written =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

sent_values values_of(const secret_write& write) {
  sent_values values;
  for (const auto& [key, value] : write.data)
    if (value) values.push_back(value);
  return values;
}

result<std::string> target_of(const secret_write& write, const write_options& options,
                              std::string_view manager) {
  auto path = write.creates() ? collection_path(resources::secrets(), write.key.ns)
                              : object_path(resources::secrets(), write.key);
  if (path) *path += write_query(options, manager).text();
  return path;
}

}  // namespace

task<std::optional<secret_content>> kube_client::read_secret(object_key key) {
  const auto self = impl_;
  auto path = object_path(resources::secrets(), key);
  if (!path) co_return refuse(path.error());
  request_plan made = self->plan(http_method::get, std::move(*path));
  made.policy = message_policy::reduced;
  const result<net::http_reply, api_error> reply = co_await self->runner.send(std::move(made));
  if (!reply && reply.error().code == api_errc::not_found) co_return std::nullopt;
  if (!reply) co_return tl::unexpected(reply.error());
  auto content = decode_secret(reply->body.reveal());
  if (!content) co_return malformed(reply->status, content.error().message);
  co_return std::move(*content);
}

task<object_meta> kube_client::write_secret(secret_write write, write_options options) {
  const auto self = impl_;
  // The namespace of a create is in the path only through the key.
  const auto checked = object_path(resources::secrets(), write.key);
  if (!checked) co_return refuse(checked.error());
  auto target = target_of(write, options, self->options.field_manager);
  if (!target) co_return refuse(target.error());
  request_plan made =
      self->plan(write.creates() ? http_method::post : http_method::patch, std::move(*target));
  made.accept = std::string(accept_written);
  if (!write.creates()) made.content_type = std::string(content_type_of(patch_type::merge));
  made.body = std::make_shared<const secret_string>(encode_secret(write));
  made.policy = message_policy::guarded;
  made.sent = values_of(write);
  const result<net::http_reply, api_error> reply = co_await self->runner.send(std::move(made));
  if (!reply) co_return tl::unexpected(reply.error());
  // What a dry run returns has no resourceVersion; that it was accepted is all there is to know.
  if (options.dry_run) {
    object_meta dry;
    dry.name = write.key.name;
    dry.ns = write.key.ns;
    co_return dry;
  }
  auto meta = decode_secret_meta(reply->body.reveal());
  if (!meta) co_return malformed(reply->status, meta.error().message);
  co_return std::move(*meta);
}

task<std::monostate> kube_client::remove_secret(object_key key, delete_options options) {
  const auto self = impl_;
  resource secrets = resources::secrets();
  co_return co_await self->remove(std::move(secrets), std::move(key), std::move(options),
                                  message_policy::reduced);
}

}  // namespace platformer::kube
