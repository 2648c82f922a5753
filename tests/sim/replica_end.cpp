// The end of a process that is asked to go, or has lost the Lease: operator/app/manager and pending_tokens.
#include "tests/sim/replica.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr duration lost_limit = seconds(4);
// After that a process that has lost the Lease ends with requests under way.
constexpr duration cut_short = lost_limit + seconds(4);
constexpr duration commit_retry = milliseconds(500);

}  // namespace

void replica::plan_end_due(time_point at, bool at_once) {
  world_.plan({.at = at,
               .kind = event_kind::end_due,
               .replica = index_,
               .incarnation = incarnation_,
               .subject = at_once ? 1U : 0U});
}

void replica::on_lost() {
  plan_end_due(world_.now + cut_short, true);
  shut_down(lost_limit);
}

// A second call only shortens the first one's patience.
void replica::shut_down(duration patience) {
  const time_point until = world_.now + patience;
  drain_until_ = draining_ ? std::min(drain_until_, until) : until;
  plan_end_due(drain_until_, false);
  if (std::exchange(draining_, true)) return;
  // Whoever comes next can't know that the call of an intent was refused, or is not made any more.
  world_.doubt(account_runs_.size() + 1);
  plan_end_due(world_.now, false);
}

void replica::on_end_due(bool at_once) {
  if (at_once) return leave();
  round_begun_ = false;
  go_on_ending();
}

std::deque<object_key> replica::waiting_for_commit() const {
  std::deque<object_key> waiting;
  known_.service_accounts.for_each([&](const object_key& key, const service_account& each) {
    const auto memory = known_.memories.find(each.meta.uid);
    if (memory != known_.memories.end() && memory->second.pending) waiting.push_back(key);
  });
  return waiting;
}

void replica::go_on_ending() {
  if (!draining_ || left_) return;
  const bool out_of_time = world_.now >= drain_until_;
  const bool drained = account_runs_.empty() && connection_runs_.empty();
  if (!drained && !out_of_time) return;
  if (!round_begun_) {
    committing_ = waiting_for_commit();
    round_begun_ = !committing_.empty();
  }
  while (!committing_.empty()) {
    const object_key next = committing_.front();
    committing_.pop_front();
    const std::uint32_t before = last_run_;
    begin_account(next);
    // Its end, which may have come at once, goes on from here.
    if (last_run_ != before) return;
  }
  if (!waiting_for_commit().empty() && !out_of_time)
    return plan_end_due(world_.now + commit_retry, false);  // another round
  world_.doubt(waiting_for_commit().size() + account_runs_.size());
  left_ = true;
  if (candidacy_ && candidacy_->stands() && drained) return candidacy_->release();
  leave();
}

void replica::leave() {
  left_ = true;
  world_.plan(
      {.at = world_.now, .kind = event_kind::process_ends, .replica = index_, .incarnation = incarnation_});
}

}  // namespace platformer::sim
