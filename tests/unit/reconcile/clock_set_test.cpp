// Spans stay as long as they are when the machine's clock is set, in either direction.
#include "controllers/reconcile/clock_set.hpp"

#include <gtest/gtest.h>

#include "controllers/reconcile/gather.hpp"
#include "tests/unit/reconcile/objects.hpp"

namespace platformer::controllers {
namespace {

using namespace std::chrono_literals;
using testing::account_named;
using testing::connection_named;

const object_key key{"team", "default"};
constexpr time_point noon{std::chrono::seconds(1795435200)};

struct kept_listing final : connection_client {
  time_point began_at = noon;
  void clock_was_set(duration by) override { began_at += by; }
};

// A process with one connection and one account, which have moments to remember.
struct clock_set : ::testing::TestWithParam<duration> {
  knowledge known{{}};
  duration by = GetParam();
  live_connection& live = known.registry.at(key);
  accounts::memory& remembered = known.memories["uid"];

  clock_set() {
    live.next_check = noon + 10min;
    live.look_since = noon - 1min;
    live.revocations_refused = noon + 5min;
    live.orphans["a"].since = noon - 30min;
    live.remembered.doubted_since = noon - 10s;
    live.remembered.clean_up_at = noon + 1min;
    live.in_use = std::make_shared<kept_listing>();
    remembered.doubt_since = noon - 10s;
    remembered.looked_at = noon - 2min;
    remembered.verified_at = noon - 3h;
  }
};

TEST_P(clock_set, moves_what_a_connection_remembers) {
  clock_was_set(known, by);
  EXPECT_EQ(live.next_check, noon + 10min + by);
  EXPECT_EQ(live.look_since, noon - 1min + by);
  EXPECT_EQ(*live.revocations_refused, noon + 5min + by);
  EXPECT_EQ(live.orphans["a"].since, noon - 30min + by);
  EXPECT_EQ(live.remembered.doubted_since, noon - 10s + by);
  EXPECT_EQ(*live.remembered.clean_up_at, noon + 1min + by);
  EXPECT_EQ(static_cast<kept_listing&>(*live.in_use).began_at, noon + by) << "a listing is as old as it is";
}

TEST_P(clock_set, moves_what_is_remembered_of_an_account_and_what_never_was_stays_so) {
  clock_was_set(known, by);
  EXPECT_EQ(remembered.doubt_since, noon - 10s + by);
  EXPECT_EQ(remembered.looked_at, noon - 2min + by);
  EXPECT_EQ(remembered.verified_at, noon - 3h + by);
  EXPECT_EQ(remembered.account_written_at, time_point{});
}

TEST_P(clock_set, leaves_a_pause_a_breaker_and_a_rate_limit_as_long_as_they_were) {
  live.calls->configure(rate_limit_spec{.requests_per_second = 1, .burst = 1, .concurrent = 4});
  const auto given = live.calls->ask(call_purpose::work, noon);
  clock_was_set(known, by);
  EXPECT_EQ(live.calls->ask(call_purpose::work, noon + by).at, noon + by + 1s);
  api_error asked_to_wait;
  asked_to_wait.code = api_errc::rate_limited;
  asked_to_wait.http_status = 429;
  asked_to_wait.retry_after = 5min;
  (void)live.calls->end(given.given, &asked_to_wait, noon + by);
  clock_was_set(known, by);
  EXPECT_EQ(live.calls->paused_until(noon + 2 * by + 1min), noon + 2 * by + 5min);
}

TEST_P(clock_set, leaves_a_probe_as_far_away_as_it_was) {
  api_error failed;
  failed.code = api_errc::timeout;
  for (int i = 0; i < 5; ++i)
    (void)live.calls->end(live.calls->ask(call_purpose::work, noon).given, &failed, noon);
  ASSERT_TRUE(live.calls->breaker_open());
  clock_was_set(known, by);
  EXPECT_EQ(live.calls->next_call(noon + by), noon + by + 1s);
}

TEST_P(clock_set, makes_room_for_no_more_renewals_of_rejected_tokens) {
  ASSERT_TRUE(known.registry.reserve_revocation(key, "one", noon, 10, false).granted);
  clock_was_set(known, by);
  const auto second = known.registry.reserve_revocation(key, "two", noon + by + 1min, 10, false);
  EXPECT_FALSE(second.granted);
  EXPECT_EQ(second.retry_at, noon + by + 1h);
}

TEST_P(clock_set, does_not_change_the_time_of_a_reconcile_under_way) {
  const run_clock run(known);
  clock_was_set(known, by);
  EXPECT_EQ(run.set_by(), by);
  EXPECT_EQ(run.at(noon + by + 1s), noon + 1s);
  // What it has learned is kept by the new time …
  accounts::memory learned;
  learned.doubt_since = noon + 1s;
  // … and when it wants to come back is asked anew.
  outcome how = again_at{noon + 31s};
  run.end(learned, how);
  EXPECT_EQ(learned.doubt_since, noon + 1s + by);
  EXPECT_TRUE(std::holds_alternative<again_now>(how));
}

TEST_P(clock_set, is_told_to_whoever_carries_out_a_request_of_a_reconcile_under_way) {
  const run_clock run(known);
  clock_was_set(known, by);
  accounts::request listing = accounts::list_accounts{.not_before = noon, .named = {}, .project_id = {}};
  run.translate(listing);
  EXPECT_EQ(std::get<accounts::list_accounts>(listing).not_before, noon + by);
  connections::request look = connections::begin_look{noon, noon + 10min};
  run.translate(look);
  EXPECT_EQ(std::get<connections::begin_look>(look).since, noon + by);
  EXPECT_EQ(std::get<connections::begin_look>(look).next, noon + 10min + by);
  connections::request install = connections::install_client{.next_check = noon + 10min};
  run.translate(install);
  EXPECT_EQ(std::get<connections::install_client>(install).next_check, noon + 10min + by);
}

TEST_P(clock_set, concerns_no_reconcile_that_begins_later) {
  clock_was_set(known, by);
  const run_clock run(known);
  outcome how = again_at{noon};
  accounts::memory learned;
  learned.looked_at = noon;
  run.end(learned, how);
  EXPECT_EQ(run.at(noon), noon);
  EXPECT_EQ(learned.looked_at, noon);
  EXPECT_EQ(std::get<again_at>(how).at, noon);
}

INSTANTIATE_TEST_SUITE_P(by, clock_set, ::testing::Values(duration(1h), duration(-1h)),
                         [](const auto& of) { return of.param > duration(0) ? "ahead" : "back"; });

}  // namespace
}  // namespace platformer::controllers
