#include "app/connection_effects.hpp"

#include "app/connection_calls.hpp"
#include "app/kube_effects.hpp"
#include "console/directory.hpp"
#include "controllers/reconcile/orphans.hpp"
#include "model/codec.hpp"
#include "net/tls.hpp"

namespace platformer::app {
namespace {

bool changes_something(console::call operation) {
  return operation == console::call::create_account || operation == console::call::update_account ||
         operation == console::call::renew_token || operation == console::call::delete_account;
}

bool mints_token(console::call operation) {
  return operation == console::call::create_account || operation == console::call::renew_token;
}

// As account_effects asks before it calls; a call may have waited for its turn since.
const char* objection(const world& in, const object_key& key, console::call operation) {
  const auto connection = in.connection(key);
  if (connection && connection->spec.suspend) return "the connection is suspended";
  if (mints_token(operation) && in.draining) return "the operator is shutting down";
  if (changes_something(operation) && in.may_call && !in.may_call())
    return "this process does not lead any more";
  return nullptr;
}

}  // namespace

std::shared_ptr<connection_calls> calls_of(world& in, const object_key& key) {
  auto& queue = in.calls[key];
  const auto& limits = in.registry.at(key).calls;
  if (queue && queue->limits() == limits) return queue;
  connection_calls::hooks told;
  told.clock = in.clock;
  told.ending = [&in] { return in.draining; };
  told.objection = [&in, key](console::call operation) { return objection(in, key, operation); };
  told.on_end = [&in, key](const controllers::call_limits::permit& given, const api_error* failure) {
    if (in.registry.end_call(key, given, failure, in.clock()))
      in.enqueue({work_kind::console_connection, key}, runtime::queue_priority::normal);
  };
  queue = std::make_shared<connection_calls>(in.executor, limits, std::move(told));
  return queue;
}

connection_effects::answer connection_effects::perform(connections::request wanted) {
  const auto dispatch = [this]<class Request>(Request& asked) -> answer { return perform(std::move(asked)); };
  answer running = std::visit(dispatch, wanted);
  co_return co_await std::move(running);
}

api_error connection_effects::later(api_error error) const {
  const live_connection* connection = in_.registry.find(key_);
  if (connection == nullptr || !connection->calls->blocked()) return error;
  const time_point now = in_.clock();
  error.retry_after =
      std::max(error.retry_after.value_or(duration{0}), connection->calls->next_call(now) - now);
  return error;
}

connection_effects::answer connection_effects::perform(connections::read_secret asked) {
  auto content = co_await in_.kube->read_secret(asked.key);
  if (!content) co_return content.error();
  co_return connections::secret_read{std::move(*content)};
}

connection_effects::answer connection_effects::perform(connections::build_client asked) {
  live().calls->configure(asked.spec.rate_limit);
  auto built = build(asked);
  if (!built) co_return connections::client_refused{built.error().message};
  live().candidate =
      std::make_shared<console_sharing>(in_.executor, std::move(*built), in_.cluster_id, in_.clock);
  credential_ = asked.credential;
  co_return connections::client_built{};
}

connection_effects::answer connection_effects::perform(connections::validate_credential asked) {
  const auto tried = sharing_of(asked.in_use ? live().in_use : live().candidate);
  const token_handle credential = asked.in_use ? tried->client().credential() : credential_;
  const auto accepted = co_await tried->client().validate_token(credential, trace_);
  if (!accepted) co_return later(accepted.error());
  // Until another one is proven no call is made with it.
  if (asked.in_use && !*accepted) live().rejected = live().recheck = true;
  co_return connections::credential_checked{*accepted};
}

connection_effects::answer connection_effects::perform(connections::find_organization asked) {
  const auto candidate = sharing_of(live().candidate);
  const auto all = co_await candidate->client().list_organizations();
  if (!all) co_return later(all.error());
  const auto id = console::find_organization(*all, asked.wanted);
  if (!id) co_return connections::organization_missing{clean_message(id.error().message, 512)};
  candidate->client().use_organization(*id);
  co_return connections::organization_found{*id};
}

connection_effects::answer connection_effects::perform(connections::install_client asked) {
  in_.registry.install(key_, asked);
  co_return connections::client_installed{};
}

connection_effects::answer connection_effects::perform(connections::begin_look asked) {
  in_.registry.begin_look(key_, asked);
  co_return connections::look_begun{};
}

connection_effects::answer connection_effects::perform(connections::list_orphans asked) {
  const auto sharing = sharing_of(live().in_use);
  const auto listed = co_await sharing->all_marked(asked.not_before);
  if (!listed) co_return later(listed.error());
  controllers::note_orphans(in_, key_, *listed, in_.clock());
  co_return connections::orphans_listed{controllers::orphans_of(live())};
}

connection_effects::answer connection_effects::perform(connections::delete_orphan asked) {
  const auto sharing = sharing_of(live().in_use);
  const auto deleted = co_await sharing->client().delete_account(asked.id, asked.project_id, trace_);
  if (!deleted) co_return later(deleted.error());
  live().orphans.erase(asked.id);
  in_.log->log(log_level::info, "an account whose ServiceAccount is gone was deleted (spec.orphanPolicy)",
               {{"connection", key_.to_string()}, {"account", asked.id}});
  co_return connections::orphan_deleted{};
}

connection_effects::answer connection_effects::perform(connections::forget_refusals) {
  live().revocations_refused.reset();
  co_return connections::refusals_forgotten{};
}

connection_effects::answer connection_effects::perform(connections::patch_finalizers asked) {
  const std::string no_operation;
  const auto patched = co_await patch_metadata(in_, work_kind::console_connection, asked.key,
                                               asked.resource_version, asked.finalizers, no_operation);
  if (!patched) co_return patched.error();
  co_return connections::object_patched{*patched};
}

connection_effects::answer connection_effects::perform(connections::patch_status asked) {
  nlohmann::json change = merge_difference(encode_status(asked.from), encode_status(asked.to));
  const auto patched = co_await patch_object_status(in_, work_kind::console_connection, asked.key,
                                                    asked.resource_version, std::move(change));
  if (!patched) co_return patched.error();
  co_return connections::object_patched{*patched};
}

connection_effects::answer connection_effects::perform(connections::drop_client) {
  in_.registry.drop(key_);
  in_.calls.erase(key_);
  co_return connections::client_dropped{};
}

result<std::shared_ptr<console::console_client>> connection_effects::build(
    const connections::build_client& asked) {
  auto at = console::parse_gateway(asked.spec.gateway, asked.spec.allow_insecure_http);
  if (!at) return tl::unexpected(at.error());
  auto routes = console::route_table::make(asked.spec.routes);
  if (!routes) return tl::unexpected(routes.error());
  std::shared_ptr<net::tls_context> tls;
  if (at->target.tls) {
    net::tls_settings settings;
    if (asked.ca_pem) settings.ca_pem = asked.ca_pem->reveal();
    auto made = net::tls_context::make(settings);
    if (!made) return fail("spec.caBundleSecretRef: " + made.error().message);
    tls = std::move(*made);
  }
  console::console_settings settings{std::move(*at), std::move(*routes), asked.spec.timeout, counting(),
                                     calls_of(in_, key_)};
  auto client = std::make_shared<console::console_client>(in_.executor, std::move(settings), std::move(tls));
  client->use_credential(asked.credential);
  return client;
}

std::function<void(console::call, int, const api_error*, std::chrono::duration<double>)>
connection_effects::counting() const {
  return [meters = in_.meters](console::call operation, int status, const api_error* failure,
                               std::chrono::duration<double> took) {
    if (failure != nullptr)
      meters->count_console_request(operation, *failure, took.count());
    else
      meters->count_console_request(operation, status, took.count());
  };
}

}  // namespace platformer::app
