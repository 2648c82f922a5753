#include "app/connection_driver.hpp"

#include "app/connection_effects.hpp"
#include "app/reconcile_timer.hpp"
#include "app/request_log.hpp"
#include "controllers/reconcile/clock_set.hpp"
#include "controllers/reconcile/gather.hpp"
#include "controllers/reconcile/run_limits.hpp"
#include "controllers/reconcile/triggers.hpp"
#include "model/names.hpp"
#include "net/digest.hpp"

namespace platformer::app {
namespace {

// What a line tells of the reconcile beside its event.
struct connection_circumstances {
  const std::string& operation;  // its ID, which the Console is told as well
  std::chrono::duration<double> since_begin;
};

// One event and one line when a connection's state changes; its condition has the details of every attempt.
void tell_change(world& in, const console_connection& before, const connections::conclusion& end,
                 const connection_circumstances& when) {
  const object_key key = key_of(before.meta);
  const std::string_view kind =
      before.cluster_scoped() ? names::cluster_console_connection_kind : names::console_connection_kind;
  const bool ready = end.view == connections::conclusion::outlook::ready;
  live_connection& live = in.registry.at(key);
  if (live.told_reason != end.why->name) {
    live.told_reason = end.why->name;
    in.log->log(ready ? log_level::info : log_level::warning, end.message,
                {{"object", key.to_string()},
                 {"kind", kind},
                 {"reason", end.why->name},
                 {"operation", when.operation},
                 {"seconds", when.since_begin.count()}});
  }
  const condition* known = find_condition(before.status.conditions, "Ready");
  if (known != nullptr && known->reason == end.why->name) return;
  kube::event_record event;
  event.regarding = {std::string(names::api_version), std::string(kind), key, before.meta.uid,
                     before.meta.resource_version};
  event.type = ready ? kube::event_type::normal : kube::event_type::warning;
  event.reason = end.why->name;
  event.action = "Connect";
  event.note = end.message;
  in.events->record(event);
  in.meters->count_event(!ready, event.reason);
}

// What became of the connection's own credential: what was done each time, what does not work once.
void tell_rotation(world& in, const console_connection& before, const connections::state& now,
                   const connection_circumstances& when) {
  std::vector<connections::event_note> notes = now.events;
  const condition* known = find_condition(before.status.conditions, "CredentialRotated");
  const bool is_new = known == nullptr || known->status || known->message != now.rotation.problem_message;
  if (now.rotation.problem != nullptr && is_new)
    notes.push_back({now.rotation.problem, now.rotation.problem_message});
  const std::string_view kind =
      before.cluster_scoped() ? names::cluster_console_connection_kind : names::console_connection_kind;
  for (const connections::event_note& each : notes) {
    const bool well = each.why == &reason::credential_rotated;
    kube::event_record event;
    event.regarding = {std::string(names::api_version), std::string(kind), key_of(before.meta),
                       before.meta.uid, before.meta.resource_version};
    event.type = well ? kube::event_type::normal : kube::event_type::warning;
    event.reason = each.why->name;
    event.action = "RotateCredential";
    event.note = each.text;
    in.events->record(event);
    in.meters->count_event(!well, event.reason);
    in.log->log(well ? log_level::info : log_level::warning, each.text,
                {{"object", key_of(before.meta).to_string()},
                 {"kind", kind},
                 {"reason", each.why->name},
                 {"operation", when.operation},
                 {"seconds", when.since_begin.count()}});
  }
}

}  // namespace

boost::asio::awaitable<outcome> reconcile_connection(world& in, object_key key) {
  reconcile_timer timer;
  const auto before = in.registry.at(key).told;
  auto seen =
      controllers::gather_connection(in, key, in.clock(), net::random_hex(controllers::operation_id_bytes));
  outcome end = controllers::done{};
  if (!seen) {
    in.registry.drop(key);
    in.calls.erase(key);
    controllers::tell_accounts(in, key, before, in.enqueue);
    co_return end;
  }
  const controllers::run_clock clock(in);
  connection_effects effects(in, key, seen->operation_id);
  connections::state now;
  now.remembered = in.registry.at(key).remembered;
  connections::response reply;
  end = controllers::again_after_failure{std::chrono::seconds(10), std::chrono::minutes(1)};
  for (unsigned requests = 0; requests < controllers::run_requests_limit; ++requests) {
    auto next = connections::step(*seen, now, reply, clock.at(in.clock()));
    if (const auto* stop = std::get_if<connections::stop>(&next)) {
      end = controllers::outcome_of(*stop);
      break;
    }
    connections::request wanted = std::get<connections::request>(std::move(next));
    clock.translate(wanted);
    const std::string_view name = name_of(wanted);
    const reconcile_phase phase = phase_of(wanted);
    timer.lap(reconcile_phase::decide);
    reply = co_await effects.perform(std::move(wanted));
    timer.lap(phase);
    log_request(*in.log, key, name, std::get_if<api_error>(&reply));
  }
  timer.lap(reconcile_phase::decide);
  timer.report(*in.meters, to_string(work_kind::console_connection));
  log_end(*in.log, key, seen->operation_id, end, timer.total());
  const connection_circumstances when{seen->operation_id, timer.total()};
  tell_rotation(in, seen->object, now, when);
  clock.end(now.remembered, end);
  if (in.connection(key) && in.registry.find(key) != nullptr)
    in.registry.at(key).remembered = std::move(now.remembered);
  if (now.end && now.end->write_status) tell_change(in, seen->object, *now.end, when);
  controllers::tell_accounts(in, key, before, in.enqueue);
  co_return end;
}

}  // namespace platformer::app
