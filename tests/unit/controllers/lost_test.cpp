// Tokens and accounts that get lost: minted again, at a growing distance.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

std::string& note(world& w, std::string_view key) {
  return w.secret().meta.annotations[std::string(key)];
}

TEST(token_lost, when_the_secret_is_emptied) {
  world w = a_ready_object();
  w.secret().data.clear();
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_TRUE(w.token_is_live());
}

TEST(token_lost, when_the_value_no_longer_fits_the_fingerprint) {
  world w = a_ready_object();
  w.secret().data["token"] = entry_of("something else");
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
}

TEST(token_lost, when_the_fingerprint_itself_was_changed) {
  world w = a_ready_object();
  note(w, names::secret_fingerprint) = "sha256:ffffffffffff";
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
}

TEST(token_lost, when_an_older_secret_is_restored) {
  world w = a_ready_object();
  const secret_content old = w.secret();
  w.annotate(names::renew_annotation, "one");
  settle(w);
  const object_meta now_there = w.secret().meta;
  w.secret() = old;
  w.secret().meta.uid = now_there.uid;
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "3");
}

TEST(token_lost, when_an_older_secret_is_restored_before_the_status_tells_of_the_newer) {
  world w = a_ready_object();
  const secret_content old = w.secret();
  w.annotate(names::renew_annotation, "one");
  transcript run(w);
  run.until<patch_status>();
  run.fail(api_errc::conflict);
  run.play();
  const object_meta now_there = w.secret().meta;
  w.secret() = old;
  w.secret().meta.uid = now_there.uid;
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "3");
}

TEST(token_lost, not_when_a_single_note_on_the_secret_is_removed) {
  for (const std::string_view key :
       {names::secret_operation_id, names::secret_revision, names::secret_account_id, names::secret_renew,
        names::secret_renew_history, names::secret_issued_at, names::secret_expires_at, names::secret_cause,
        names::secret_fingerprint}) {
    world w = a_new_object();
    w.object.spec.token.lifetime = 720h;
    settle(w, 0s);
    w.annotate(names::renew_annotation, "one");
    settle(w, 1h);
    const std::string token = w.token();
    const object_meta before = w.secret().meta;
    w.secret().meta.annotations.erase(std::string(key));
    w.touch("ci-bot-token");
    EXPECT_EQ(settle(w, 1h), 0) << key;
    EXPECT_EQ(w.token(), token) << key;
    w.restart();
    EXPECT_EQ(settle(w, 1h), 0) << key;
    EXPECT_EQ(w.object.status.token.revision, 2) << key;
    EXPECT_FALSE(w.object.status.account_id.empty()) << key;
    if (key != names::secret_renew_history) {
      EXPECT_EQ(w.secret().meta.annotations, before.annotations) << key;
    }
  }
}

TEST(token_lost, mints_at_a_growing_distance_and_at_most_twelve_times_a_day) {
  world w = a_ready_object();
  int minted = 0;
  const time_point end = w.now + 24h;
  while (w.now < end) {
    const bool had = w.has_secret();
    w.secrets.clear();
    play(w);
    minted += w.has_secret();
    if (!had && minted == 0) FAIL();
    w.advance(2min);
  }
  EXPECT_LE(minted, 12);
  EXPECT_GE(minted, 10);
  EXPECT_EQ(w.reason(), "TooManyRenewals");
}

TEST(token_lost, spacing_survives_a_forged_intent) {
  world w = a_ready_object();
  int minted = 0;
  const time_point end = w.now + 24h;
  for (; w.now < end; w.advance(2min)) {
    w.secrets.clear();
    operation forged =
        decode_operation(w.object.meta.annotation(names::operation_annotation)).value_or(operation{});
    forged.budget = {};
    if (w.now > start_of_time + 3h) w.annotate(names::operation_annotation, encode_operation(forged));
    play(w);
    minted += w.has_secret();
  }
  EXPECT_LE(minted, 12);
}

TEST(token_lost, a_forged_budget_of_the_far_future_does_not_block_for_ever) {
  world w = a_ready_object();
  operation forged = *decode_operation(w.object.meta.annotation(names::operation_annotation));
  forged.budget = {.automatic = 1'000'000,
                   .last_automatic = w.now + 100'000h,
                   .requested = 1000,
                   .hour_start = w.now + 100'000h};
  w.restart();
  w.annotate(names::operation_annotation, encode_operation(forged));
  w.secrets.clear();
  EXPECT_EQ(settle(w, 24h), 1);
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w, 24h), 1);
}

TEST(token_lost, a_quiet_day_forgets_the_distance) {
  world w = a_ready_object();
  for (int i = 0; i < 5; ++i) {
    w.secrets.clear();
    settle(w);
  }
  w.advance(25h);
  w.secrets.clear();
  play(w);
  EXPECT_TRUE(w.token_is_live());
}

TEST(account_lost, makes_a_new_account_after_a_404_of_the_recorded_one) {
  world w = a_ready_object();
  const std::string old = w.accounts.front().id;
  w.accounts.clear();
  w.live_tokens.clear();
  w.annotate(names::reconcile_annotation, "now");
  transcript run(w);
  EXPECT_EQ(run.play(),
            "read_secret, read_account, list_accounts, patch_intent, dry_run_secret, create_account, "
            "write_secret, patch_status");
  EXPECT_EQ(w.cause(), "AccountLost");
  EXPECT_NE(w.object.status.account_id, old);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "2");
}

TEST(account_lost, takes_another_account_of_ours_and_does_not_trust_the_secrets_token_with_it) {
  world w = a_ready_object();
  w.accounts.clear();
  w.live_tokens.clear();
  w.put_account("late", w.our_marker());
  w.annotate(names::reconcile_annotation, "now");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.object.status.account_id, "late");
  EXPECT_TRUE(w.token_is_live());
}

TEST(account_conflict, an_account_whose_marker_was_removed_is_left_alone) {
  world w = a_ready_object();
  w.accounts.front().description = "mine now";
  w.annotate(names::reconcile_annotation, "now");
  transcript run(w);
  EXPECT_EQ(run.play(), "read_secret, read_account, list_accounts, patch_status");
  EXPECT_EQ(w.reason(), "AccountConflict");
  EXPECT_NE(w.condition_of("Stalled")->message.find(w.our_marker()), std::string::npos);
  EXPECT_EQ(w.accounts.front().description, "mine now");
}

TEST(account_conflict, a_forged_record_in_the_status_leads_to_nobody_elses_account) {
  world w = a_new_object();
  w.put_account("theirs", "platformer-operator:c1/team-b/other/u9");
  w.object.status.account_id = "theirs";
  EXPECT_EQ(settle(w, 10min), 0);
  EXPECT_EQ(w.reason(), "AccountConflict");
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(revision, survives_a_forged_intent_and_a_forged_status) {
  for (const std::int64_t forged :
       {std::int64_t{1'000'000'000}, std::int64_t{999'999'999}, INT64_MAX, INT64_MIN}) {
    world w = a_ready_object();
    operation op = *decode_operation(w.object.meta.annotation(names::operation_annotation));
    op.revision = forged;
    op.id = "forged";
    w.annotate(names::operation_annotation, encode_operation(op));
    w.object.status.token.revision = forged;
    settle(w);
    w.annotate(names::renew_annotation, "one");
    EXPECT_EQ(settle(w), 1) << forged;
    EXPECT_TRUE(w.token_is_live()) << forged;
    EXPECT_EQ(settle(w), 0) << forged;
  }
}

}  // namespace
}  // namespace platformer::accounts::test
