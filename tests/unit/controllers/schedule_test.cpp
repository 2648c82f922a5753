// Expiry and the schedule.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "controllers/service_account/schedule.hpp"
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
  auto due = w.object.status.token.renew_at;
  ASSERT_TRUE(due);
  // The first one comes earlier, by what spreads a fleet over half a cycle.
  EXPECT_LE(*due, w.now + 480h);
  EXPECT_GE(*due, w.now + 240h);
  transcript idle(w);
  EXPECT_EQ(idle.play(), "");
  EXPECT_LE(idle.end<requeue_at>().at, w.now + 480h);
  w.now = idle.end<requeue_at>().at;
  EXPECT_EQ(play(w), "read_account, patch_intent, dry_run_secret, renew_token, write_secret, patch_status");
  EXPECT_EQ(w.cause(), "ScheduledRenewal");
  EXPECT_EQ(w.object.status.token.expires_at, std::chrono::floor<std::chrono::seconds>(w.now + 720h));
  due = w.object.status.token.renew_at;
  EXPECT_LE(*due, w.now + 480h);
  EXPECT_GE(*due, w.now + 456h);
}

TEST(schedule, renews_as_long_before_the_end_as_the_spec_says) {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  w.object.spec.token.renew_before = 100h;
  play(w);
  EXPECT_LE(*w.object.status.token.renew_at, w.now + 620h);
  EXPECT_GE(*w.object.status.token.renew_at, w.now + 610h);
}

TEST(schedule, takes_a_third_where_less_was_granted_than_is_to_be_left) {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  w.object.spec.token.renew_before = 100h;
  w.granted_lifetime = 30h;
  play(w);
  EXPECT_LE(*w.object.status.token.renew_at, w.now + 20h);
  EXPECT_GE(*w.object.status.token.renew_at, w.now + 10h);
}

TEST(schedule, rotates_what_never_expires) {
  world w = a_new_object();
  w.object.spec.token.rotation_interval = 100h;
  play(w);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(w.object.status.token.renew_at);
    EXPECT_LE(*w.object.status.token.renew_at, w.now + 100h);
    w.now = *w.object.status.token.renew_at;
    play(w);
    EXPECT_EQ(w.cause(), "ScheduledRenewal");
    EXPECT_FALSE(w.object.status.token.expires_at);
  }
  EXPECT_GE(*w.object.status.token.renew_at, w.now + 90h);
}

TEST(schedule, takes_whatever_comes_first_of_rotation_and_expiry) {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  w.object.spec.token.rotation_interval = 24h;
  play(w);
  EXPECT_LE(*w.object.status.token.renew_at, w.now + 24h);
  w = a_new_object();
  w.object.spec.token.lifetime = 12h;
  w.object.spec.token.rotation_interval = 24h;
  play(w);
  EXPECT_LE(*w.object.status.token.renew_at, w.now + 8h);
}

TEST(schedule, rotation_stops_at_a_fixed_end) {
  world w = a_new_object();
  w.object.spec.token.expires_at = w.now + 150h;
  w.object.spec.token.rotation_interval = 100h;
  play(w);
  EXPECT_GE(settle(w, 1000h), 1);
  EXPECT_EQ(w.reason(), "Expired");
  EXPECT_EQ(settle(w, 1000h), 0);
}

TEST(schedule, is_not_hurried_by_notes_that_somebody_made_older) {
  world w = a_new_object();
  w.object.spec.token.lifetime = 720h;
  play(w);
  for (int i = 0; i < 20; ++i) {
    w.secret().meta.annotations["console.platformer.com/issued-at"] = format_rfc3339(w.now - 719h);
    w.secret().meta.annotations["console.platformer.com/expires-at"] = format_rfc3339(w.now + 1min);
    w.touch("ci-bot-token");
    w.advance(2min);
    play(w);
  }
  EXPECT_EQ(w.revision(), "1");
}

// Of 1,000 tokens that were issued in the same second.
TEST(schedule, of_a_fleet_keeps_every_token_alive_for_a_year_without_peaks) {
  constexpr int days = 365;
  std::array<int, days + 1> renewals{};
  int all = 0;
  token_spec spec;
  spec.lifetime = 720h;
  for (int i = 0; i < 1000; ++i) {
    const std::string uid = "4f1c2a7e-0000-4000-8000-" + std::to_string(100000000000 + i * 7919);
    secret_record record;
    record.issued_at = start_of_time;
    record.cause = "InitialIssue";
    for (;;) {
      record.expires_at = *record.issued_at + *spec.lifetime;
      const auto due = next_renewal(spec, record, uid);
      ASSERT_TRUE(due);
      ASSERT_LT(due->overdue_at, *record.expires_at);
      const auto day = (due->at - start_of_time) / 24h;
      if (day >= days) break;
      ++renewals[static_cast<std::size_t>(day)];
      ++all;
      record.issued_at = due->at;
      record.cause = "ScheduledRenewal";
    }
  }
  const int mean = all / days;
  EXPECT_GT(mean, 40);
  EXPECT_LT(*std::max_element(renewals.begin(), renewals.end()), 3 * mean);
  // One renewal in two thirds of a lifetime, and at most one more for spreading.
  EXPECT_LE(all, 1000 * (days * 24 / 456 + 1));
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
