// Several replicas that elect one of them: how leaders come and go while there is something to do.
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr duration longer_than_a_lease = seconds(20);
// With even latencies: how long after a request of people its dry run, and its call, have been carried out.
constexpr duration in_dry_run = milliseconds(7);
constexpr duration in_call = milliseconds(9);

// The first one leads.
void set_up_two(world& in, duration first = {}, duration second = {}) {
  in.crowd.arrange_connection(in, true);
  in.start_replica(first);
  in.pass(seconds(1));
  in.start_replica(second);
  in.settle();
}

void issue_first_of_two(world& in, duration first = {}, duration second = {}) {
  set_up_two(in, first, second);
  in.crowd.create_object(in);
  in.settle();
  in.arm();
}

void issue(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
}

template <fault What>
void two_and_people_do(world& in) {
  issue_first_of_two(in);
  in.crowd.act(in, What);
}

void fleet(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
  in.crowd.create_object(in, {in.crowd.subject.ns, "deployer"}, {});
  in.pass(in_call);
  in.stop(in.leader(), longer_than_a_lease);
}

void stopped_in_call(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
  in.pass(in_call);
  in.stop(in.leader(), longer_than_a_lease);
}

void stopped_before_call(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
  in.pass(in_dry_run);
  in.stop(in.leader(), longer_than_a_lease);
}

void killed_in_renewal(world& in) {
  issue_first_of_two(in);
  in.crowd.act(in, fault::ask_renewal);
  in.pass(in_call);
  in.kill(in.leader());
}

void lease_deleted(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
  in.pass(in_dry_run);
  in.leases.remove_by_hand(in);
}

void both_restarted(world& in) {
  issue_first_of_two(in);
  in.crowd.act(in, fault::ask_renewal);
  in.pass(in_call);
  in.kill(0);
  in.kill(1);
}

// As a Deployment does it: a new one comes before an old one goes.
void rolling(world& in) {
  issue_first_of_two(in);
  in.crowd.act(in, fault::ask_renewal);
  for (std::uint8_t old = 0; old < 2; ++old) {
    in.start_replica();
    in.pass(in_call);
    in.terminate(old, false);
    in.pass(seconds(30));
    in.crowd.act(in, fault::edit_access);
  }
}

void handed_over(world& in) {
  issue_first_of_two(in);
  in.terminate(in.leader(), true);
  in.pass(seconds(5));
  in.crowd.act(in, fault::ask_renewal);
}

template <int First, int Second>
void skewed(world& in) {
  issue_first_of_two(in, minutes(First), minutes(Second));
  in.crowd.act(in, fault::ask_renewal);
  in.pass(in_call);
  in.kill(in.leader());
  in.settle();
  in.crowd.act(in, fault::delete_secret);
}

// Its own clock says that the Lease was renewed a moment ago.
void clock_set_back(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
  in.pass(in_dry_run);
  in.set_clock(in.leader(), -minutes(3));
  in.stop(in.leader(), longer_than_a_lease);
}

void wiped_before_takeover(world& in) {
  set_up_two(in);
  in.arm();
  in.crowd.create_object(in);
  in.pass(in_call);
  in.kill(in.leader());
  in.crowd.act(in, fault::replace_object);
}

constexpr scenario all[] = {
    {"two_issue", "two replicas, a new object", issue, all_is_well, true},
    {"two_renew", "two replicas, a renewal", two_and_people_do<fault::ask_renewal>, all_is_well, true},
    {"two_delete", "two replicas, a deletion", two_and_people_do<fault::delete_object>, all_is_well, true},
    {"two_move", "two replicas, the Secret moves", two_and_people_do<fault::rename_secret>, all_is_well,
     true},
    {"two_fleet", "the leader of two objects is stopped across its Lease", fleet, all_is_well, true},
    {"stopped_in_call", "the leader is stopped across its Lease while a call is under way", stopped_in_call,
     all_is_well, true},
    {"stopped_before_call", "… before it makes the call", stopped_before_call, all_is_well, true},
    {"killed_in_renewal", "the leader dies while a renewal is under way", killed_in_renewal, all_is_well,
     true},
    {"lease_deleted", "somebody deletes the Lease", lease_deleted, all_is_well, true},
    {"both_restarted", "both replicas die in the middle of a renewal", both_restarted, all_is_well, true},
    {"rolling", "both replicas are replaced one after the other, with work under way", rolling, all_is_well,
     true},
    {"handed_over", "the leader ends in order, the next has a renewal to do", handed_over, all_is_well, true},
    {"skewed_fast", "clocks five minutes fast and three slow; the leader dies", skewed<5, -3>, all_is_well,
     true},
    {"skewed_slow", "clocks four minutes slow and six fast; the leader dies", skewed<-4, 6>, all_is_well,
     true},
    {"clock_set_back", "the leader's clock is set back and it is stopped across its Lease", clock_set_back,
     all_is_well, true},
    {"wiped_before_takeover", "the leader dies after a call, and its traces are wiped", wiped_before_takeover,
     all_is_well, true},
};

}  // namespace

std::span<const scenario> replica_scenarios() {
  return all;
}

}  // namespace platformer::sim
