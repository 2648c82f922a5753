// The clock of the operator's machine is set by an hour, forward or back, and right again.
#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Tokens with an end, that are tried and looked at: everything that has to do with time.
void set_up_times(world& in) {
  in.expect_looks(20);
  set_up(in, [](console_connection& connection) { connection.spec.interval = hours(1); });
  in.crowd.create_object(in, [](service_account& object) {
    object.spec.token.lifetime = hours(720);
    object.spec.token.verify_interval = hours(2);
  });
  in.settle();
  in.arm();
}

template <int Hours>
void clock_set(world& in) {
  set_up_times(in);
  in.set_clock(0, hours(Hours));
  in.pass(minutes(90));
  in.set_clock(0, {});
  in.pass(minutes(90));
}

// What is to come every ten minutes does, whatever the clock says.
template <int Hours>
void looks_while_clock_is_wrong(world& in) {
  static constexpr duration interval = minutes(10);
  constexpr std::uint64_t calls_of_a_look = 2;  // a trial of the credential, and a listing
  in.expect_looks(20);
  set_up(in, [](console_connection& connection) { connection.spec.interval = interval; });
  in.crowd.create_object(in);
  in.settle();
  in.arm();
  in.set_clock(0, hours(Hours));
  const std::uint64_t before = in.watcher.calls();
  in.pass(hours(1));
  const std::uint64_t calls = in.watcher.calls() - before;
  constexpr std::uint64_t least = (hours(1) / interval - 1) * calls_of_a_look;
  if (in.points() == calls && calls < least)
    in.fail("a clock that was set has put off looks: " + std::to_string(calls) + " calls in an hour");
}

// While work is under way that waits for a time.
template <int Hours>
void clock_set_while_waiting(world& in) {
  set_up_times(in);
  in.take_console_down_until(in.now + minutes(10));
  in.crowd.act(in, fault::ask_renewal);
  in.pass(minutes(5));
  in.set_clock(0, hours(Hours));
  in.pass(minutes(90));
  in.set_clock(0, {});
  in.pass(minutes(90));
}

void nothing_was_minted(world& in) {
  all_is_well(in);
  if (in.doubts() == 0 && in.crowd.done().all == 1 && in.watcher.minted() != 1)
    in.fail("a clock that was set has cost " + std::to_string(in.watcher.minted() - 1) + " tokens");
}

constexpr scenario all[] = {
    {"clock_an_hour_ahead", "the machine's clock is set an hour forward, and back again", clock_set<1>,
     nothing_was_minted},
    {"clock_an_hour_back", "… an hour back, and forward again", clock_set<-1>, nothing_was_minted},
    {"looks_ahead", "… forward, and is left so while looks go on", looks_while_clock_is_wrong<1>,
     nothing_was_minted},
    {"looks_back", "… back, and is left so", looks_while_clock_is_wrong<-1>, nothing_was_minted},
    {"clock_ahead_in_outage", "… forward, while the Console does not answer and a renewal waits",
     clock_set_while_waiting<1>, all_is_well},
    {"clock_back_in_outage", "… back, while the Console does not answer and a renewal waits",
     clock_set_while_waiting<-1>, all_is_well},
};

}  // namespace

std::span<const scenario> clock_scenarios() {
  return all;
}

}  // namespace platformer::sim
