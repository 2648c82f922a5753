// Reconciles of the ServiceAccounts: operator/app's account_driver, account_effects and kube_effects.
#include <algorithm>
#include <iterator>

#include "controllers/reconcile/gather.hpp"
#include "controllers/reconcile/run_limits.hpp"
#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/sim/replica.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

// Of the shared listing the accounts whose marker names this object (operator/app/console_sharing).
std::vector<account> marked(const account_run& run) {
  std::vector<account> found;
  for (const account& each : run.client->listing->accounts) {
    const auto mark = view_marker(each.description);
    if (mark && mark->ns == run.key.ns && mark->name == run.key.name) found.push_back(each);
  }
  return found;
}

// Keeps what bears a marker of this cluster for others; who asked gets its own, and those without a marker.
void share_listing(account_run& run, accounts::accounts_listed& listed) {
  const auto strangers =
      std::stable_partition(listed.found.begin(), listed.found.end(), [](const account& each) {
        const auto mark = view_marker(each.description);
        return mark && mark->cluster == cluster_id;
      });
  const std::vector<account> unmarked(std::make_move_iterator(strangers),
                                      std::make_move_iterator(listed.found.end()));
  listed.found.erase(strangers, listed.found.end());
  run.client->listing = {run.sent_at, std::move(listed.found)};
  listed.found = marked(run);
  listed.found.insert(listed.found.end(), unmarked.begin(), unmarked.end());
}

constexpr bool changes_accounts(const accounts::request& wanted) {
  return mints(wanted) || std::holds_alternative<accounts::update_account>(wanted) ||
         std::holds_alternative<accounts::delete_account>(wanted);
}

}  // namespace

void replica::on_reply(std::uint32_t number) {
  if (account_run* run = find_account_run(number)) {
    note(run->answer.noted);
    const auto* error = std::get_if<api_error>(&run->answer.reply);
    if (is_console(*run->wanted)) leave(*run, controllers::connection_of(*run->seen.object), error);
    if (error != nullptr) refused(*run, *error);
    world_.bugs->on_reply(*run, world_);
    if (auto* listed = std::get_if<accounts::accounts_listed>(&run->answer.reply))
      share_listing(*run, *listed);
    advance(*run, std::move(run->answer.reply));
  } else if (connection_run* other = find_connection_run(number)) {
    note(other->answer.noted);
    if (is_console(*other->wanted)) leave(*other, other->key, std::get_if<api_error>(&other->answer.reply));
    use_answer(*other);
    advance(*other, std::move(other->answer.reply));
  }
  pump();
}

// As operator/app/kube_effects: our own writes are known before the watch tells them.
void replica::note(const models::kube_pointer& object) {
  if (!object) return;
  if (const auto* account = std::get_if<service_account>(&*object)) {
    known_.service_accounts.note_write(std::shared_ptr<const service_account>(object, account));
  } else if (const auto* connection = std::get_if<console_connection>(&*object)) {
    controllers::note_write(known_, *connection, enqueue_);
  } else if (const auto* secret = std::get_if<secret_content>(&*object)) {
    const auto label = secret->meta.labels.find(names::managed_by_label);
    if (label != secret->meta.labels.end() && label->second == names::managed_by_value)
      known_.secrets.note_write(secret_meta{secret->meta});
  }
}

void replica::refused(const account_run& run, const api_error& error) {
  if (!is_console(*run.wanted)) return;
  const object_key connection = controllers::connection_of(*run.seen.object);
  if (known_.registry.doubt(connection, run.client.get(), error.code))
    enqueue({controllers::work_kind::console_connection, connection}, runtime::queue_priority::normal);
}

void replica::begin_account(const object_key& key) {
  auto seen = controllers::gather_account(known_, key, world_.new_operation_id());
  if (!seen) {
    if (draining_) return;
    controllers::settle(accounts_, key, controllers::done{}, clock(), 0);
    accounts_.done(key, clock());
    return;
  }
  auto made = std::make_unique_for_overwrite<account_run>();
  account_run& run = *made;
  run.number = ++last_run_;
  run.key = key;
  run.seen = std::move(*seen);
  const object_key connection = controllers::connection_of(*run.seen.object);
  if (const auto* live = known_.registry.find(connection))
    run.client = std::static_pointer_cast<sim_client>(live->in_use);
  run.who.object = key;
  if (run.client) {
    run.who.credential = run.client->credential;
    run.who.organization_id = run.client->organization_id;
  }
  run.now = accounts::begin(known_.recall(run.seen.object->meta.uid));
  run.began_at = world_.now;
  run.clock.emplace(known_);
  run.deeds_before = world_.crowd.done().all;
  account_runs_.emplace(run.number, std::move(made));
  world_.bugs->on_begin(run, *this);
  advance(run, accounts::response());
}

void replica::advance(account_run& run, accounts::response answer) {
  for (;;) {
    auto next = accounts::step(run.seen, run.now, answer, run.clock->at(clock()));
    world_.on_events(run, next.events);
    if (const auto* stop = std::get_if<accounts::stop>(&next.effect))
      return end(run, controllers::outcome_of(*stop));
    if (++run.requests >= controllers::run_requests_limit) {
      world_.fail("a reconcile does not come to an end");
      return end(run, controllers::again_after_failure{std::chrono::minutes(1), std::chrono::minutes(5)});
    }
    run.wanted = std::get<accounts::request>(std::move(next.effect));
    run.clock->translate(*run.wanted);
    auto here = world_.bugs->answer(run, world_);
    if (!here) here = answer_here(run);
    if (!here) return world_.send(*this, run);
    answer = std::move(*here);
  }
}

std::optional<accounts::response> replica::answer_here(account_run& run) {
  if (is_console(*run.wanted) && !run.client) return not_sent("the connection has no client");
  if (mints(*run.wanted) && draining_) return not_sent("the operator is shutting down");
  if (candidacy_ && changes_accounts(*run.wanted)) {
    if (!world_.bugs->may_call(candidacy_->may_call(), *this)) {
      // Whoever leads next can't know that it was not made.
      if (mints(*run.wanted)) world_.doubt(1);
      return not_sent("this process does not lead any more");
    }
    world_.leases.on_call(world_, *this);
  }
  if (changes_accounts(*run.wanted) && !controllers::still_allows(known_, run.seen))
    return not_sent("the connection has changed");
  if (const auto* asked = std::get_if<accounts::list_accounts>(&*run.wanted))
    if (asked->named.empty() && run.client->listing && run.client->listing->began_at >= asked->not_before)
      return accounts::accounts_listed{marked(run)};
  if (const auto* asked = std::get_if<accounts::reserve_revocation>(&*run.wanted))
    return reserve_revocation(run, asked->again);
  if (is_console(*run.wanted)) return enter(run);
  return std::nullopt;
}

accounts::response replica::reserve_revocation(const account_run& run, bool again) {
  const object_key connection = controllers::connection_of(*run.seen.object);
  const auto reserved = known_.registry.reserve_revocation(connection, run.seen.object->meta.uid, clock(),
                                                           known_.users_of(connection), again);
  if (reserved.changed)
    enqueue({controllers::work_kind::console_connection, connection}, runtime::queue_priority::normal);
  return accounts::revocation_reserved{reserved.granted, reserved.retry_at};
}

void replica::end(account_run& run, controllers::outcome how) {
  const std::uint32_t number = run.number;
  const object_key key = run.key;
  run.clock->end(run.now.remembered, how);
  known_.remember(key, run.seen.object->meta.uid, std::move(run.now.remembered));
  world_.on_end(run);
  if (!draining_) {
    controllers::settle(accounts_, key, how, clock(), world_.random.unit());
    accounts_.done(key, clock());
  }
  account_runs_.erase(number);
  go_on_ending();
}

}  // namespace platformer::sim
