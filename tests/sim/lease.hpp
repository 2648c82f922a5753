// The election of a leader in the simulated world: each replica's part in it, and the Lease's side of it.
//
// The election has a time of its own, which stands still while it would only go on as it does: one replica
// leads, the others wait, and nothing else happens before long. An hour's rest then costs no renewals.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/lease_fsm.hpp"
#include "tests/models/kube_model.hpp"
#include "tests/sim/event_queue.hpp"
#include "tests/sim/fault.hpp"

namespace platformer::sim {

class world;
class replica;

using lease_request =
    std::variant<runtime::lease_read_action, runtime::lease_create_action, runtime::lease_update_action>;

// One process's part: runtime/lease_fsm with events in place of sockets and timers, as operator/kube's
// leader_elector and operator/app's election.
class candidate {
 public:
  candidate(world& around, replica& self);

  // To be called once, when the caches are warm.
  void stand();
  bool stands() const { return standing_; }
  void on_arrival(std::uint64_t ticket);
  void on_due(std::uint64_t ticket);
  void release();

  // The fence (operator/app/election): whether a call may still be sent.
  bool may_call() const;
  bool leads() const { return fsm_.role() == runtime::lease_role::leader; }
  // Nothing of it is under way.
  bool waits() const { return waiting_ || !standing_; }
  // By our own clock: when the last renewal that succeeded was sent.
  time_point renewed_by_our_clock() const { return renewed_; }

 private:
  void step(const runtime::lease_input& input);
  void ask(lease_request wanted, duration timeout);
  void tell_changes(runtime::lease_role before);
  void plan(event_kind kind, time_point at);

  world& world_;
  replica& self_;
  runtime::lease_fsm fsm_;
  bool standing_ = false;
  bool waiting_ = false;
  std::uint64_t ticket_ = 0;  // what is not answered with the last one is over
  lease_request asked_;
  duration timeout_{};
  time_point sent_at_{};
  time_point sent_by_our_clock_{};
  time_point renewed_{};
  runtime::lease_input answer_;
  time_point answered_at_{};  // by the server's clock
};

// The Lease at its server, with what goes wrong there, and who holds it in truth.
class lease_office {
 public:
  // ---- time
  time_point time(time_point now) const { return now - asleep_; }
  time_point world_time(time_point lease_time) const { return lease_time + asleep_; }
  void plan(event planned) { events_.push(planned); }  // `at` in the election's time
  void postpone(event planned, time_point until) { events_.postpone(planned, time(until)); }
  bool idle() const { return events_.empty(); }
  time_point next() const { return world_time(events_.next().at); }
  event pop() { return events_.pop(); }
  // Nothing but what is planned is going to happen for so long.
  void sleep(duration span) { asleep_ += span; }

  // ---- requests
  runtime::lease_input perform(world& in, const lease_request& wanted);
  void fault_next_write(fault what) { faults_.push_back(what); }
  std::optional<fault> take_fault();
  void begin_outage(time_point until) { outage_until_ = until; }  // in the election's time
  bool is_out(time_point now) const { return time(now) < outage_until_; }
  bool troubled(time_point now) const { return !faults_.empty() || is_out(now); }
  // Carried out when nobody waits for it any more.
  std::uint32_t keep_late(lease_request wanted);
  void carry_out_late(world& in, std::uint32_t which) { (void)perform(in, late_[which]); }

  // ---- people
  void remove_by_hand(world& in);

  // ---- what holds
  void on_change(const models::kube_change& change, time_point now);
  const std::string& holder() const { return holder_; }
  // A call passes the fence only while its process holds the Lease, and some of its term is left. Not judged
  // for a term after somebody has touched the Lease: runtime/lease_fsm promises nothing then.
  void on_call(world& in, const replica& by) const;
  // Somebody has changed the Lease by hand.
  bool touched() const { return touched_.has_value(); }
  std::uint64_t terms() const { return terms_; }

 private:
  event_queue events_;
  duration asleep_{};
  std::deque<fault> faults_;
  time_point outage_until_{};
  std::vector<lease_request> late_;
  std::string holder_;
  time_point until_{};  // in the election's time
  std::optional<time_point> touched_;
  bool by_hand_ = false;
  std::uint64_t terms_ = 0;  // how often somebody else began to hold it
};

}  // namespace platformer::sim
