#include "app/account_driver.hpp"

#include "app/account_effects.hpp"
#include "app/reconcile_timer.hpp"
#include "app/request_log.hpp"
#include "controllers/reconcile/clock_set.hpp"
#include "controllers/reconcile/gather.hpp"
#include "controllers/reconcile/run_limits.hpp"
#include "controllers/service_account/step.hpp"
#include "model/names.hpp"
#include "net/digest.hpp"

namespace platformer::app {
namespace {

// What a line tells of the reconcile beside its event.
struct account_circumstances {
  std::string operation;   // its ID, which the Console is told as well
  std::string_view cause;  // of the minting under way; "" when there is none
  std::chrono::duration<double> since_begin;
};

// What was done is told each time; what does not work comes back with every attempt.
void log_event(logger& log, const std::string& object, const accounts::event_note& event,
               const account_circumstances& in) {
  const field all[] = {{"object", object},
                       {"reason", event.reason},
                       {"action", event.action},
                       {"operation", in.operation},
                       {"seconds", in.since_begin.count()},
                       {"cause", in.cause}};
  const auto told = std::span(all).first(std::size(all) - (in.cause.empty() ? 1 : 0));
  if (event.warning)
    log.log_limited(object + "/" + event.reason, log_level::warning, event.note, told);
  else
    log.log(log_level::info, event.note, told);
}

void record_events(world& in, const service_account& object, const std::vector<accounts::event_note>& notes,
                   const account_circumstances& when) {
  for (const accounts::event_note& each : notes) {
    kube::event_record event;
    event.regarding = {std::string(names::api_version), std::string(names::service_account_kind),
                       key_of(object.meta), object.meta.uid, object.meta.resource_version};
    event.type = each.warning ? kube::event_type::warning : kube::event_type::normal;
    event.reason = each.reason;
    event.action = each.action;
    event.note = each.note;
    in.events->record(event);
    in.meters->count_event(each.warning, each.reason);
    log_event(*in.log, key_of(object.meta).to_string(), each, when);
  }
}

}  // namespace

boost::asio::awaitable<outcome> reconcile_account(world& in, object_key key) {
  reconcile_timer timer;
  auto seen = controllers::gather_account(in, key, net::random_hex(controllers::operation_id_bytes));
  if (!seen) co_return controllers::done{};
  const controllers::run_clock clock(in);
  const std::string uid = seen->object->meta.uid;
  // The client of this run: a newer one serves the next.
  const live_connection* live = in.registry.find(connection_of(*seen->object));
  account_effects effects(in, *seen, live == nullptr ? nullptr : sharing_of(live->in_use));

  accounts::state now = accounts::begin(in.recall(uid));
  accounts::response reply;
  outcome end = controllers::again_after_failure{std::chrono::minutes(1), std::chrono::minutes(5)};
  for (unsigned requests = 0; requests < controllers::run_requests_limit; ++requests) {
    auto next = accounts::step(*seen, now, reply, clock.at(in.clock()));
    if (!next.events.empty())
      record_events(in, *seen->object, next.events,
                    {operation_of(*seen, now), now.known.intent ? to_string(now.known.intent->cause) : "",
                     timer.total()});
    if (const auto* stop = std::get_if<accounts::stop>(&next.effect)) {
      end = controllers::outcome_of(*stop);
      break;
    }
    accounts::request wanted = std::get<accounts::request>(std::move(next.effect));
    clock.translate(wanted);
    const std::string_view name = name_of(wanted);
    const reconcile_phase phase = phase_of(wanted);
    timer.lap(reconcile_phase::decide);
    reply = co_await effects.perform(std::move(wanted), now);
    timer.lap(phase);
    log_request(*in.log, key, name, std::get_if<api_error>(&reply));
    if (requests + 1 == controllers::run_requests_limit)
      in.log->log_limited(key.to_string() + "/endless", log_level::error,
                          "a reconcile did not come to an end; it is tried again later: please report this",
                          {{"object", key.to_string()}});
  }
  timer.lap(reconcile_phase::decide);
  timer.report(*in.meters, to_string(work_kind::service_account));
  log_end(*in.log, key, operation_of(*seen, now), end, timer.total());
  clock.end(now.remembered, end);
  in.remember(key, uid, std::move(now.remembered));
  co_return end;
}

}  // namespace platformer::app
