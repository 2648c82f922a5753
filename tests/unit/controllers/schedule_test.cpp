// Expiry and the schedule.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world with_lifetime(duration lifetime) {
  world w = a_new_object();
  w.object.spec.token.lifetime = lifetime;
  play(w);
  return w;
}

TEST(schedule, renews_in_the_last_third_of_the_lifetime_and_says_when) {
  world w = with_lifetime(720h);
  const auto due = w.object.status.token.renew_at;
  ASSERT_TRUE(due);
  EXPECT_LE(*due, w.now + 480h);
  EXPECT_GE(*due, w.now + 450h);
  transcript idle(w);
  EXPECT_EQ(idle.play(), "");
  EXPECT_LE(idle.end<requeue_at>().at, w.now + 480h);
  w.now = idle.end<requeue_at>().at;
  EXPECT_EQ(play(w), "read_account, patch_intent, dry_run_secret, renew_token, write_secret, patch_status");
  EXPECT_EQ(w.cause(), "ScheduledRenewal");
  EXPECT_EQ(w.object.status.token.expires_at, std::chrono::floor<std::chrono::seconds>(w.now + 720h));
}

TEST(schedule, works_from_what_the_console_granted) {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  w.granted_lifetime = 3h;
  play(w);
  EXPECT_LE(*w.object.status.token.renew_at, w.now + 2h);
  EXPECT_EQ(w.object.status.token.expires_at, w.now + 3h);
}

TEST(schedule, a_console_that_grants_seconds_does_not_make_us_mint_without_end) {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  w.granted_lifetime = 1s;
  int minted = settle(w, 10min);
  EXPECT_LE(minted, 11);
  w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  w.granted_lifetime = -1h;
  minted = settle(w, 10min);
  EXPECT_LE(minted, 11);
}

TEST(schedule, spreads_the_renewals_of_a_fleet) {
  std::set<time_point> times;
  for (int i = 0; i < 20; ++i) {
    world w = a_new_object();
    w.object.meta.uid = "uid-" + std::to_string(i);
    w.object.spec.token.lifetime = 720h;
    play(w);
    times.insert(*w.object.status.token.renew_at);
  }
  EXPECT_GT(times.size(), 15U);
}

TEST(schedule, a_token_that_never_expires_is_never_renewed_by_itself) {
  world w = a_ready_object();
  EXPECT_FALSE(w.object.status.token.renew_at);
  w.advance(10'000h);
  EXPECT_EQ(play(w), "");
}

TEST(fixed_expiry, in_the_past_mints_nothing) {
  world w = a_new_object();
  w.object.spec.token.expires_at = w.now - 1s;
  transcript run(w);
  EXPECT_EQ(run.play(), "patch_status");
  EXPECT_EQ(w.reason(), "Expired");
  EXPECT_NE(w.condition_of("Stalled"), nullptr);
}

TEST(fixed_expiry, that_passes_is_reported_at_that_moment) {
  world w = a_new_object();
  w.object.spec.token.expires_at = w.now + 2h;
  transcript run(w);
  run.play();
  w.now = run.end<requeue_at>().at;
  EXPECT_EQ(play(w), "patch_status");
  EXPECT_EQ(w.reason(), "Expired");
  EXPECT_FALSE(w.condition_of("TokenValid")->status);
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w), 0);
}

TEST(fixed_expiry, moved_on_with_a_new_request_renews) {
  world w = a_new_object();
  w.object.spec.token.expires_at = w.now + 2h;
  play(w);
  w.advance(3h);
  play(w);
  w.object.spec.token.expires_at = w.now + 100h;
  w.annotate(names::renew_annotation, "one");
  w.edit_spec();
  EXPECT_EQ(settle(w, 1h), 1);
  EXPECT_EQ(w.reason(), "Renewed");
}

}  // namespace
}  // namespace platformer::accounts::test
