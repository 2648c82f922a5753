#include "runtime/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

constexpr time_point t0{std::chrono::hours(1'000'000)};

// Opened by five failures at `at`.
circuit_breaker opened(time_point at = t0) {
  circuit_breaker breaker;
  for (int i = 0; i < 5; ++i) {
    const auto call = breaker.may_call(at);
    EXPECT_TRUE(call.allowed);
    breaker.on_failure(call, at);
  }
  EXPECT_TRUE(breaker.is_open());
  return breaker;
}

TEST(circuit_breaker, four_failures_in_a_row_change_nothing) {
  circuit_breaker breaker;
  for (int i = 0; i < 4; ++i)
    breaker.on_failure(breaker.may_call(t0), t0);
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.may_call(t0).allowed);
}

TEST(circuit_breaker, a_success_between_failures_starts_the_count_anew) {
  circuit_breaker breaker;
  for (int i = 0; i < 20; ++i) {
    breaker.on_failure(breaker.may_call(t0), t0);
    EXPECT_FALSE(breaker.is_open()) << i;
    if (i % 4 == 3) breaker.on_success();
  }
}

TEST(circuit_breaker, the_fifth_failure_opens_it_for_a_second) {
  auto breaker = opened();
  const auto refused = breaker.may_call(t0 + 999ms);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.ask_again, t0 + 1s);
  EXPECT_TRUE(breaker.may_call(t0 + 1s).allowed);
}

TEST(circuit_breaker, there_is_one_probe_at_a_time) {
  auto breaker = opened();
  const auto probe = breaker.may_call(t0 + 1s);
  ASSERT_TRUE(probe.allowed);
  EXPECT_NE(probe.probe, 0U);
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(breaker.may_call(t0 + 2s).allowed);
  breaker.on_success();
  EXPECT_TRUE(breaker.may_call(t0 + 2s).allowed);
  EXPECT_TRUE(breaker.may_call(t0 + 2s).allowed);
}

TEST(circuit_breaker, failed_probes_double_the_wait_up_to_thirty_seconds) {
  auto breaker = opened();
  time_point now = t0;
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
    EXPECT_FALSE(breaker.may_call(now + wait - 1ms).allowed) << wait.count();
    now += wait;
    const auto probe = breaker.may_call(now);
    ASSERT_TRUE(probe.allowed) << wait.count();
    breaker.on_failure(probe, now);
  }
}

TEST(circuit_breaker, the_next_wait_counts_from_the_failure_not_from_the_call) {
  auto breaker = opened();
  const auto probe = breaker.may_call(t0 + 1s);
  breaker.on_failure(probe, t0 + 21s);
  EXPECT_EQ(breaker.may_call(t0 + 22s).ask_again, t0 + 23s);
}

TEST(circuit_breaker, opened_again_it_begins_with_a_second_again) {
  auto breaker = opened();
  for (int i = 0; i < 3; ++i)
    breaker.on_failure(breaker.may_call(t0 + i * 60s + 60s), t0 + i * 60s + 60s);
  breaker.on_success();
  const auto later = t0 + 1h;
  for (int i = 0; i < 5; ++i)
    breaker.on_failure(breaker.may_call(later), later);
  EXPECT_EQ(breaker.may_call(later).ask_again, later + 1s);
}

TEST(circuit_breaker, late_failures_of_calls_from_before_do_not_count_as_the_probe) {
  circuit_breaker breaker;
  const auto early = breaker.may_call(t0);
  const auto also_early = breaker.may_call(t0);
  for (int i = 0; i < 5; ++i)
    breaker.on_failure(breaker.may_call(t0), t0);
  breaker.on_failure(early, t0 + 500ms);
  EXPECT_EQ(breaker.may_call(t0 + 600ms).ask_again, t0 + 1s);
  const auto probe = breaker.may_call(t0 + 1s);
  ASSERT_TRUE(probe.allowed);
  breaker.on_failure(also_early, t0 + 2s);
  EXPECT_FALSE(breaker.may_call(t0 + 10s).allowed) << "the probe is still under way";
}

TEST(circuit_breaker, a_late_success_closes_it_and_the_probe_that_fails_then_counts_for_nothing) {
  auto breaker = opened();
  const auto probe = breaker.may_call(t0 + 1s);
  breaker.on_success();
  EXPECT_FALSE(breaker.is_open());
  for (int i = 0; i < 10; ++i)
    breaker.on_failure(probe, t0 + 2s);
  EXPECT_FALSE(breaker.is_open());
}

TEST(circuit_breaker, a_probe_that_is_never_answered_is_given_up) {
  auto breaker = opened();
  const auto lost = breaker.may_call(t0 + 1s);
  ASSERT_TRUE(lost.allowed);
  const auto ends = breaker.may_call(t0 + 2s).ask_again;
  EXPECT_EQ(ends, t0 + 1s + 6min);
  EXPECT_FALSE(breaker.may_call(ends - 1ms).allowed);
  const auto second = breaker.may_call(ends);
  EXPECT_TRUE(second.allowed);
  EXPECT_NE(second.probe, lost.probe);
  breaker.on_failure(lost, ends);
  EXPECT_FALSE(breaker.may_call(ends + 60s).allowed) << "the lost one does not end the second";
}

TEST(circuit_breaker, a_probe_that_was_not_made_is_passed_on_at_once) {
  auto breaker = opened();
  const auto probe = breaker.may_call(t0 + 5s);
  breaker.on_no_outcome(probe);
  EXPECT_TRUE(breaker.is_open());
  EXPECT_TRUE(breaker.may_call(t0 + 6s).allowed);
}

TEST(circuit_breaker, a_clock_set_back_does_not_lengthen_the_wait) {
  auto breaker = opened();
  const auto refused = breaker.may_call(t0 - 1h);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.ask_again, t0 - 1h + 1s);
  const auto probe = breaker.may_call(t0 - 1h + 1s);
  EXPECT_TRUE(probe.allowed);
  EXPECT_LE(breaker.may_call(t0 - 2h).ask_again, t0 - 2h + 6min);
}

TEST(circuit_breaker, an_hour_of_outage_is_about_a_hundred_and_twenty_probes_however_many_wait) {
  auto breaker = opened();
  int calls = 0;
  for (time_point now = t0; now < t0 + 1h; now += 100ms)
    for (int caller = 0; caller < 10; ++caller)
      if (const auto call = breaker.may_call(now); call.allowed) {
        ++calls;
        breaker.on_failure(call, now);
      }
  EXPECT_GE(calls, 100);
  EXPECT_LE(calls, 125);
}

}  // namespace
}  // namespace platformer::runtime
