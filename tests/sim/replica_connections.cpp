// Reconciles of the ConsoleConnections: operator/app/connection_driver.
#include "controllers/reconcile/gather.hpp"
#include "controllers/reconcile/orphans.hpp"
#include "controllers/reconcile/run_limits.hpp"
#include "tests/sim/replica.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

constexpr bool concerns_credential(const connections::request& wanted) {
  return std::holds_alternative<connections::list_credentials>(wanted) ||
         std::holds_alternative<connections::create_credential>(wanted) ||
         std::holds_alternative<connections::try_credential>(wanted) ||
         std::holds_alternative<connections::delete_credential>(wanted);
}

constexpr bool changes_credentials(const connections::request& wanted) {
  return std::holds_alternative<connections::create_credential>(wanted) ||
         std::holds_alternative<connections::delete_credential>(wanted);
}

}  // namespace

void replica::begin_connection(const object_key& key) {
  const auto before = known_.registry.at(key).told;
  auto seen = controllers::gather_connection(known_, key, clock(), world_.new_operation_id());
  if (!seen) {
    known_.registry.drop(key);
    controllers::tell_accounts(known_, key, before, enqueue_);
    controllers::settle(connections_, key, controllers::done{}, clock(), 0);
    connections_.done(key, clock());
    return;
  }
  auto made = std::make_unique_for_overwrite<connection_run>();
  connection_run& run = *made;
  run.number = ++last_run_;
  run.key = key;
  run.seen = std::move(*seen);
  run.before = before;
  run.now.remembered = known_.registry.at(key).remembered;
  run.began_at = world_.now;
  run.clock.emplace(known_);
  connection_runs_.emplace(run.number, std::move(made));
  advance(run, connections::response());
}

void replica::advance(connection_run& run, connections::response answer) {
  for (;;) {
    auto next = connections::step(run.seen, run.now, answer, run.clock->at(clock()));
    if (const auto* stop = std::get_if<connections::stop>(&next))
      return end(run, controllers::outcome_of(*stop));
    if (++run.requests >= controllers::run_requests_limit) {
      world_.fail("a reconcile of a connection does not come to an end");
      return end(run, controllers::again_after_failure{std::chrono::minutes(1), std::chrono::minutes(5)});
    }
    run.wanted = std::get<connections::request>(std::move(next));
    run.clock->translate(*run.wanted);
    auto here = answer_here(run);
    if (!here) here = world_.bugs->answer_connection(run, world_);
    if (!here && is_console(*run.wanted)) here = enter(run);
    if (!here) return world_.send(*this, run);
    answer = std::move(*here);
  }
}

std::optional<connections::response> replica::answer_here(connection_run& run) {
  if (candidacy_ && changes_credentials(*run.wanted) && !candidacy_->may_call())
    return not_sent("this process does not lead any more");
  if (const auto* asked = std::get_if<connections::build_client>(&*run.wanted)) {
    auto made = std::make_shared<sim_client>();
    made->credential = asked->credential->reveal();
    run.who.credential = made->credential;
    known_.registry.at(run.key).candidate = std::move(made);
    return connections::client_built{};
  }
  if (const auto* asked = std::get_if<connections::install_client>(&*run.wanted)) {
    auto& live = known_.registry.at(run.key);
    std::static_pointer_cast<sim_client>(live.candidate)->organization_id = asked->organization_id;
    known_.registry.install(run.key, *asked);
    return connections::client_installed{};
  }
  if (const auto* asked = std::get_if<connections::begin_look>(&*run.wanted)) {
    known_.registry.begin_look(run.key, *asked);
    return connections::look_begun{};
  }
  if (const auto* asked = std::get_if<connections::list_orphans>(&*run.wanted)) {
    const auto& listing = use_client_in_use(run).listing;
    if (!listing || listing->began_at < asked->not_before) return std::nullopt;
    controllers::note_orphans(known_, run.key, listing->accounts, clock());
    return connections::orphans_listed{controllers::orphans_of(known_.registry.at(run.key))};
  }
  if (std::holds_alternative<connections::delete_orphan>(*run.wanted) || concerns_credential(*run.wanted))
    (void)use_client_in_use(run);
  if (const auto* asked = std::get_if<connections::validate_credential>(&*run.wanted))
    if (asked->in_use) (void)use_client_in_use(run);
  if (std::holds_alternative<connections::forget_refusals>(*run.wanted)) {
    known_.registry.at(run.key).revocations_refused.reset();
    return connections::refusals_forgotten{};
  }
  if (std::holds_alternative<connections::drop_client>(*run.wanted)) {
    known_.registry.drop(run.key);
    return connections::client_dropped{};
  }
  return std::nullopt;
}

sim_client& replica::use_client_in_use(connection_run& run) {
  auto& client = static_cast<sim_client&>(*known_.registry.at(run.key).in_use);
  run.who.credential = client.credential;
  run.who.organization_id = client.organization_id;
  return client;
}

// What the shell does with an answer before the decisions get it.
void replica::use_answer(connection_run& run) {
  auto& live = known_.registry.at(run.key);
  if (const auto* error = std::get_if<api_error>(&run.answer.reply)) {
    if (!is_console(*run.wanted) || !live.calls->blocked()) return;
    api_error later = *error;
    later.retry_after =
        std::max(later.retry_after.value_or(duration{0}), live.calls->next_call(clock()) - clock());
    run.answer.reply = later;
    return;
  }
  if (const auto* asked = std::get_if<connections::validate_credential>(&*run.wanted)) {
    const bool accepted = std::get<connections::credential_checked>(run.answer.reply).live;
    if (asked->in_use && !accepted) live.rejected = live.recheck = true;
  } else if (std::holds_alternative<connections::list_orphans>(*run.wanted)) {
    controllers::note_orphans(known_, run.key, run.answer.listed, clock());
    use_client_in_use(run).listing = {run.sent_at, std::move(run.answer.listed)};
    run.answer.reply = connections::orphans_listed{controllers::orphans_of(live)};
  } else if (const auto* gone = std::get_if<connections::delete_orphan>(&*run.wanted)) {
    live.orphans.erase(gone->id);
  }
}

void replica::end(connection_run& run, controllers::outcome how) {
  const object_key key = run.key;
  run.clock->end(run.now.remembered, how);
  if (known_.connection(key)) known_.registry.at(key).remembered = std::move(run.now.remembered);
  controllers::tell_accounts(known_, key, run.before, enqueue_);
  if (!draining_) {
    controllers::settle(connections_, key, how, clock(), world_.random.unit());
    connections_.done(key, clock());
  }
  connection_runs_.erase(run.number);
  go_on_ending();
}

}  // namespace platformer::sim
