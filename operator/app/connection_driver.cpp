#include "app/connection_driver.hpp"

#include "app/console_sharing.hpp"
#include "app/kube_effects.hpp"
#include "app/request_log.hpp"
#include "console/directory.hpp"
#include "controllers/reconcile/gather.hpp"
#include "controllers/reconcile/triggers.hpp"
#include "model/codec.hpp"
#include "model/names.hpp"
#include "net/tls.hpp"

namespace platformer::app {
namespace {

constexpr int requests_limit = 32;

class connection_effects {
 public:
  connection_effects(world& in, object_key key) : in_(in), key_(std::move(key)) {}

  using answer = boost::asio::awaitable<connections::response>;

  answer perform(connections::request wanted) {
    const auto dispatch = [this]<class Request>(Request& asked) -> answer {
      return perform(std::move(asked));
    };
    answer running = std::visit(dispatch, wanted);
    co_return co_await std::move(running);
  }

 private:
  answer perform(connections::read_secret asked) {
    auto content = co_await in_.kube->read_secret(asked.key);
    if (!content) co_return content.error();
    co_return connections::secret_read{std::move(*content)};
  }

  answer perform(connections::build_client asked) {
    auto built = build(asked);
    if (!built) co_return connections::client_refused{built.error().message};
    in_.registry.at(key_).candidate =
        std::make_shared<console_sharing>(in_.executor, std::move(*built), in_.cluster_id, in_.clock);
    credential_ = asked.credential;
    co_return connections::client_built{};
  }

  answer perform(connections::validate_credential) {
    const auto candidate = sharing_of(in_.registry.at(key_).candidate);
    const auto live = co_await candidate->client().validate_token(credential_);
    if (!live) co_return live.error();
    co_return connections::credential_checked{*live};
  }

  answer perform(connections::find_organization asked) {
    const auto candidate = sharing_of(in_.registry.at(key_).candidate);
    const auto all = co_await candidate->client().list_organizations();
    if (!all) co_return all.error();
    const auto id = console::find_organization(*all, asked.wanted);
    if (!id) co_return connections::organization_missing{clean_message(id.error().message, 512)};
    candidate->client().use_organization(*id);
    co_return connections::organization_found{*id};
  }

  answer perform(connections::install_client asked) {
    in_.registry.install(key_, asked);
    co_return connections::client_installed{};
  }

  answer perform(connections::patch_finalizers asked) {
    const std::string no_operation;
    const auto patched = co_await patch_metadata(in_, work_kind::console_connection, asked.key,
                                                 asked.resource_version, asked.finalizers, no_operation);
    if (!patched) co_return patched.error();
    co_return connections::object_patched{*patched};
  }

  answer perform(connections::patch_status asked) {
    nlohmann::json change = merge_difference(encode_status(asked.from), encode_status(asked.to));
    const auto patched = co_await patch_object_status(in_, work_kind::console_connection, asked.key,
                                                      asked.resource_version, std::move(change));
    if (!patched) co_return patched.error();
    co_return connections::object_patched{*patched};
  }

  answer perform(connections::drop_client) {
    in_.registry.drop(key_);
    co_return connections::client_dropped{};
  }

  result<std::shared_ptr<console::console_client>> build(const connections::build_client& asked) const {
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
    console::console_settings settings{std::move(*at), std::move(*routes), asked.spec.timeout, counting()};
    auto client =
        std::make_shared<console::console_client>(in_.executor, std::move(settings), std::move(tls));
    client->use_credential(asked.credential);
    return client;
  }

  std::function<void(console::call, int, const api_error*)> counting() const {
    return [meters = in_.meters](console::call operation, int status, const api_error* failure) {
      if (failure != nullptr)
        meters->count_console_request(operation, *failure);
      else
        meters->count_console_request(operation, status);
    };
  }

  world& in_;
  object_key key_;
  token_handle credential_;
};

// One event and one line when a connection's state changes; its condition has the details of every attempt.
void tell_change(world& in, const console_connection& before, const connections::conclusion& end) {
  const object_key key = key_of(before.meta);
  const bool ready = end.view == connections::conclusion::outlook::ready;
  live_connection& live = in.registry.at(key);
  if (live.told_reason != end.why->name) {
    live.told_reason = end.why->name;
    in.log->log(
        ready ? log_level::info : log_level::warning, end.message,
        {{"object", key.to_string()}, {"kind", names::console_connection_kind}, {"reason", end.why->name}});
  }
  const condition* known = find_condition(before.status.conditions, "Ready");
  if (known != nullptr && known->reason == end.why->name) return;
  kube::event_record event;
  event.regarding = {std::string(names::api_version), std::string(names::console_connection_kind), key,
                     before.meta.uid, before.meta.resource_version};
  event.type = ready ? kube::event_type::normal : kube::event_type::warning;
  event.reason = end.why->name;
  event.action = "Connect";
  event.note = end.message;
  in.events->record(event);
}

}  // namespace

boost::asio::awaitable<outcome> reconcile_connection(world& in, object_key key) {
  const auto before = in.registry.at(key).told;
  auto seen = controllers::gather_connection(in, key);
  outcome end = controllers::done{};
  if (!seen) {
    in.registry.drop(key);
    controllers::tell_accounts(in, key, before, in.enqueue);
    co_return end;
  }
  connection_effects effects(in, key);
  connections::state now;
  connections::response reply;
  end = controllers::again_after_failure{std::chrono::seconds(10), std::chrono::minutes(1)};
  for (int requests = 0; requests < requests_limit; ++requests) {
    auto next = connections::step(*seen, std::move(now), reply, in.clock());
    now = std::move(next.next);
    if (const auto* stop = std::get_if<connections::stop>(&next.effect)) {
      end = controllers::outcome_of(*stop);
      break;
    }
    connections::request wanted = std::get<connections::request>(std::move(next.effect));
    const std::string_view name = name_of(wanted);
    reply = co_await effects.perform(std::move(wanted));
    log_request(*in.log, key, name, std::get_if<api_error>(&reply));
  }
  if (now.end && now.end->write_status) tell_change(in, seen->object, *now.end);
  controllers::tell_accounts(in, key, before, in.enqueue);
  co_return end;
}

}  // namespace platformer::app
