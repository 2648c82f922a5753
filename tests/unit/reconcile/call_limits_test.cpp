// When a connection's next call may be made.
#include "controllers/reconcile/call_limits.hpp"

#include <gtest/gtest.h>

namespace platformer::controllers {
namespace {

using namespace std::chrono_literals;
using verdict = call_limits::verdict;

constexpr time_point noon{std::chrono::hours(12)};

const api_error no_answer{.code = api_errc::timeout};
const api_error refusal{.code = api_errc::forbidden, .http_status = 403};

api_error pause_of(duration span) {
  return {.code = api_errc::rate_limited, .http_status = 429, .message = "", .retry_after = span};
}

bool granted(call_limits& limits, time_point at, call_purpose why = call_purpose::work) {
  const auto may = limits.ask(why, at);
  if (may.what == verdict::granted) limits.end(may.given, nullptr, at);
  return may.what == verdict::granted;
}

// The outcome of one call; true: the connection has to be looked at.
bool call(call_limits& limits, const api_error* failure, time_point at,
          call_purpose why = call_purpose::work) {
  const auto may = limits.ask(why, at);
  EXPECT_EQ(may.what, verdict::granted);
  return limits.end(may.given, failure, at);
}

call_limits broken(time_point at) {
  call_limits limits;
  for (int i = 0; i < 4; ++i)
    EXPECT_FALSE(call(limits, &no_answer, at));
  EXPECT_TRUE(call(limits, &no_answer, at)) << "the fifth failure in a row";
  return limits;
}

TEST(limits, of_no_spec_hold_nothing_back) {
  call_limits limits;
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(limits.ask(call_purpose::work, noon).what, verdict::granted);
}

TEST(limits, let_a_burst_through_and_then_so_many_a_second) {
  call_limits limits;
  limits.configure(rate_limit_spec{.requests_per_second = 2, .burst = 3, .concurrent = 8});
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(granted(limits, noon));
  const auto later = limits.ask(call_purpose::work, noon);
  EXPECT_EQ(later.what, verdict::later);
  EXPECT_EQ(later.at, noon + 500ms);
  EXPECT_TRUE(granted(limits, later.at));
}

TEST(limits, let_so_many_calls_be_under_way) {
  call_limits limits;
  limits.configure(rate_limit_spec{.requests_per_second = 100, .burst = 100, .concurrent = 2});
  const auto first = limits.ask(call_purpose::work, noon);
  EXPECT_EQ(limits.ask(call_purpose::work, noon).what, verdict::granted);
  EXPECT_EQ(limits.ask(call_purpose::work, noon).what, verdict::busy);
  limits.end(first.given, &no_answer, noon);
  EXPECT_EQ(limits.ask(call_purpose::work, noon).what, verdict::granted);
}

TEST(limits, count_what_is_under_way_across_a_change_of_the_spec) {
  call_limits limits;
  limits.configure(rate_limit_spec{.requests_per_second = 9, .burst = 9, .concurrent = 1});
  const auto first = limits.ask(call_purpose::work, noon);
  limits.configure(rate_limit_spec{.requests_per_second = 8, .burst = 9, .concurrent = 1});
  EXPECT_EQ(limits.ask(call_purpose::work, noon).what, verdict::busy);
  limits.end(first.given, nullptr, noon);
  EXPECT_TRUE(granted(limits, noon));
}

TEST(a_pause, is_what_the_console_asked_for_and_ends_by_itself) {
  call_limits limits;
  const api_error pause = pause_of(20s);
  EXPECT_TRUE(call(limits, &pause, noon));
  EXPECT_TRUE(limits.blocked());
  const auto may = limits.ask(call_purpose::probe, noon + 19s);
  EXPECT_EQ(may.what, verdict::blocked) << "not even a probe";
  EXPECT_EQ(may.at, noon + 20s);
  EXPECT_EQ(limits.next_call(noon + 1s), noon + 20s);
  EXPECT_TRUE(granted(limits, noon + 20s));
  EXPECT_FALSE(limits.blocked());
}

TEST(a_pause, grows_with_a_console_that_asks_for_one_after_the_other) {
  call_limits limits;
  const api_error at_once{.code = api_errc::rate_limited, .http_status = 429};
  time_point at = noon;
  duration longest{};
  for (int i = 0; i < 12; ++i) {
    call(limits, &at_once, at);
    const auto until = limits.paused_until(at);
    ASSERT_TRUE(until);
    EXPECT_GE(*until - at, longest);
    longest = *until - at;
    at = *until;
  }
  EXPECT_GE(longest, 1min);
  EXPECT_TRUE(granted(limits, at));
  call(limits, &at_once, at);
  EXPECT_EQ(limits.paused_until(at), at + 1s) << "a call that was answered ends the series";
}

TEST(a_pause, is_not_longer_for_a_clock_that_was_set_back) {
  call_limits limits;
  const api_error pause = pause_of(20s);
  call(limits, &pause, noon);
  EXPECT_EQ(limits.paused_until(noon - 1h), noon - 1h + 20s);
}

TEST(a_console_that_does_not_answer, is_called_by_probes_alone) {
  call_limits limits = broken(noon);
  EXPECT_TRUE(limits.blocked());
  EXPECT_FALSE(granted(limits, noon + 10min)) << "work waits for the probe's outcome";
  EXPECT_EQ(limits.next_call(noon), noon + 1s);
  EXPECT_EQ(limits.ask(call_purpose::probe, noon).what, verdict::blocked);
  EXPECT_EQ(limits.ask(call_purpose::probe, noon + 1s).what, verdict::granted);
  EXPECT_EQ(limits.ask(call_purpose::probe, noon + 1s).what, verdict::blocked) << "one at a time";
}

TEST(a_console_that_does_not_answer, is_probed_at_most_every_30_seconds_after_a_minute) {
  call_limits limits = broken(noon);
  std::vector<time_point> probes;
  for (time_point at = noon; at < noon + 1h; at = std::max(limits.next_call(at), at + 1s)) {
    const auto may = limits.ask(call_purpose::probe, at);
    if (may.what != verdict::granted) continue;
    probes.push_back(at);
    limits.end(may.given, &no_answer, at);
  }
  ASSERT_GT(probes.size(), 100U);
  for (std::size_t i = 1; i < probes.size(); ++i)
    EXPECT_TRUE(probes[i - 1] <= noon + 1min || probes[i] - probes[i - 1] >= 30s) << i;
}

TEST(a_console_that_does_not_answer, is_free_again_after_the_first_answer_be_it_a_refusal) {
  call_limits limits = broken(noon);
  EXPECT_TRUE(call(limits, &refusal, noon + 1s, call_purpose::probe));
  EXPECT_FALSE(limits.blocked());
  EXPECT_TRUE(granted(limits, noon + 1s));
}

TEST(a_console_that_does_not_answer, is_not_told_by_calls_that_were_not_sent) {
  call_limits limits;
  const api_error not_sent{.code = api_errc::cancelled};
  const api_error unfit{.code = api_errc::bad_request};
  for (int i = 0; i < 20; ++i) {
    call(limits, &not_sent, noon);
    call(limits, &unfit, noon);
  }
  EXPECT_FALSE(limits.blocked());
}

}  // namespace
}  // namespace platformer::controllers
