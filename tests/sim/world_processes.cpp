// The processes of the operator: how they start, stop, die and go; and the election's share of time.
#include <algorithm>
#include <utility>

#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr duration restart_pause = seconds(1);
constexpr duration stop_pause = seconds(20);  // longer than a Lease lasts
constexpr duration stall_pause = seconds(5);
constexpr duration longest_lag = std::chrono::hours(1);
constexpr duration drain_limit = seconds(45);    // as operator/app/manager has it
constexpr duration outage = seconds(20);         // likewise longer
constexpr duration shortest_sleep = seconds(5);  // for less the election keeps awake

}  // namespace

std::uint8_t world::add_process(bool elects, duration skew) {
  const auto number = static_cast<std::uint8_t>(processes_.size());
  clocks_differ_ = clocks_differ_ || skew != duration{0};
  processes_.push_back({.runs = nullptr, .stopped_until = now, .skew = skew, .elects = elects});
  plan({.at = now, .kind = event_kind::start_replica, .replica = number});
  return number;
}

void world::start_process(std::uint8_t number) {
  process& at = processes_[number];
  at.stopped_until = now;
  at.runs = std::make_unique<replica>(*this, number, ++incarnations_, at.elects);
  note(at.runs->holder() + " starts");
  at.runs->start();
}

void world::end_process(std::uint8_t number) {
  note(processes_[number].runs->holder() + " ends");
  processes_[number].runs.reset();
  if (!processes_[number].restarts) return;
  plan({.at = now + restart_pause, .kind = event_kind::start_replica, .replica = number});
}

void world::crash(replica& victim) {
  note(victim.holder() + " dies");
  doubts_ += victim.account_runs();  // each reconcile under way may have made a call
  const std::uint8_t number = victim.index();
  const bool restarts = processes_[number].restarts;
  processes_[number].runs.reset();
  if (!restarts) return;
  const duration pause = how_.wild ? random.between(milliseconds(200), minutes(2)) : restart_pause;
  plan({.at = now + pause, .kind = event_kind::start_replica, .replica = number});
}

void world::kill(std::uint8_t number) {
  if (processes_[number].runs) crash(*processes_[number].runs);
}

void world::stop(std::uint8_t number, duration span) {
  process& at = processes_[number];
  if (!at.runs) return;
  note(at.runs->holder() + " is stopped");
  doubts_ += at.runs->account_runs();
  at.stopped_until = std::max(at.stopped_until, now + span);
}

void world::terminate(std::uint8_t number, bool restart) {
  process& at = processes_[number];
  at.restarts = restart;
  if (!at.runs) return;
  note(at.runs->holder() + " is asked to end");
  at.runs->shut_down(drain_limit);
}

void world::set_clock(std::uint8_t number, duration skew) {
  const duration by = skew - std::exchange(processes_[number].skew, skew);
  clocks_differ_ = true;
  if (processes_[number].runs) processes_[number].runs->on_clock_set(by);
}

std::uint8_t world::leader() const {
  for (std::size_t i = 0; i < processes_.size(); ++i)
    if (processes_[i].runs && processes_[i].runs->holder() == leases.holder())
      return static_cast<std::uint8_t>(i);
  return 0;
}

// ---- the election

void world::carry_out_election(const event& due) {
  now = std::max(now, leases.world_time(due.at));
  if (due.kind == event_kind::late_lease) return leases.carry_out_late(*this, due.subject);
  replica* to = alive(due);
  if (to == nullptr) return;
  if (due.kind == event_kind::lease_arrives) return to->candidacy()->on_arrival(due.detail);
  if (is_stopped(due)) return leases.postpone(due, processes_[due.replica].stopped_until);
  to->candidacy()->on_due(due.detail);
}

// One leads and will go on to; whoever else stands waits.
bool world::election_is_settled() const {
  bool led = false;
  for (const process& each : processes_) {
    if (each.stopped_until > now) return false;
    const candidate* part = each.runs ? each.runs->candidacy() : nullptr;
    if (part == nullptr) continue;
    if (!part->waits() || each.runs->draining()) return false;
    led = led || (part->leads() && each.runs->holder() == leases.holder());
  }
  return led && !leases.troubled(now);
}

void world::let_election_sleep(time_point until) {
  if (until - now >= shortest_sleep && election_is_settled()) leases.sleep(until - now);
}

// ---- faults

// What is not about a single request.
void world::inject(fault what, replica* at) {
  note("fault: " + std::string(to_string(what)));
  if (is_act(what)) return crowd.act(*this, what);
  if (what == fault::watch_stall) {
    stalled_until_ = now + stall_pause;
  } else if (what == fault::pause || what == fault::stop_before) {
    if (at != nullptr) processes_[at->index()].stopped_until = now + stop_pause;
  } else if (what == fault::terminate) {
    if (at != nullptr) terminate(at->index(), processes_[at->index()].restarts);
  } else if (what == fault::lease_outage) {
    leases.begin_outage(leases.time(now) + outage);
  } else if (what == fault::lease_deleted) {
    leases.remove_by_hand(*this);
  } else if (is_lease_fault(what)) {
    if (at != nullptr && at->candidacy() != nullptr) leases.fault_next_write(what);
  } else if (is_request_fault(what)) {
    if (at != nullptr) crash(*at);  // at rest there is no request to hit: the process dies
  } else {
    break_watches(what);
  }
}

void world::break_watches(fault how) {
  for (const process& each : processes_)
    if (each.runs) each.runs->break_streams();
  if (how == fault::watch_drop) return;
  // A list that lags behind can only be answered from what is still there.
  const models::kube_version behind = how == fault::watch_relist ? 3 : 0;
  const models::kube_version upto = std::max(all.kube.version(), behind + 1) - behind;
  lagging_ = behind == 0 ? 0 : upto;
  lags_until_ = now + longest_lag;
  // A process that starts from an old list and dies soon may leave an account as an earlier spec had it.
  if (behind != 0) crowd.look_later(*this);
  all.kube.compact(upto);
}

}  // namespace platformer::sim
