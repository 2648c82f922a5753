// The renew annotation: once for each new value (invariant 9).
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

int renew(world& w, const std::string& value) {
  w.annotate(names::renew_annotation, value);
  return settle(w, 10min);
}

// Up to the call that honours that value, which waits for its answer.
transcript call_for(world& w, const std::string& value) {
  w.annotate(names::renew_annotation, value);
  transcript run(w);
  run.until<renew_token>();
  return run;
}

TEST(renew_request, mints_once_for_a_new_value) {
  world w = a_ready_object();
  const std::string before = w.token();
  w.annotate(names::renew_annotation, "2026-11-23");
  transcript run(w);
  EXPECT_EQ(run.play(),
            "read_account, patch_intent, dry_run_secret, renew_token, write_secret, patch_status");
  EXPECT_EQ(run.event_names(), "Normal Renewed");
  EXPECT_NE(run.events().front().note.find("RenewRequest 2026-11-23"), std::string::npos);
  EXPECT_NE(w.token(), before);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.object.status.last_handled_renew, "2026-11-23");
  EXPECT_EQ(w.reason(), "Renewed");
  EXPECT_EQ(play(w), "");
}

TEST(renew_request, never_edits_the_annotation) {
  world w = a_ready_object();
  renew(w, "true");
  EXPECT_EQ(w.object.meta.annotation(names::renew_annotation), "true");
}

TEST(renew_request, is_not_repeated_by_a_restart_or_a_relist) {
  world w = a_ready_object();
  renew(w, "one");
  for (int i = 0; i < 3; ++i) {
    w.restart();
    EXPECT_EQ(settle(w), 0);
  }
}

TEST(renew_request, of_an_old_value_mints_nothing) {
  world w = a_ready_object();
  EXPECT_EQ(renew(w, "one"), 1);
  EXPECT_EQ(renew(w, "two"), 1);
  for (const char* old : {"one", "two", "", "one"})
    EXPECT_EQ(renew(w, old), 0) << old;
}

TEST(renew_request, two_flapping_tools_mint_twice_in_all) {
  world w = a_ready_object();
  int minted = 0;
  for (int i = 0; i < 20; ++i) {
    minted += renew(w, i % 2 == 0 ? "tool-a" : "tool-b");
    if (i == 7) w.restart();
  }
  EXPECT_EQ(minted, 2);
}

TEST(renew_request, remembers_the_last_sixteen_values) {
  world w = a_ready_object();
  for (int i = 0; i < 17; ++i) {
    w.advance(2h);
    EXPECT_EQ(renew(w, "v" + std::to_string(i)), 1) << i;
  }
  w.advance(2h);
  EXPECT_EQ(renew(w, "v1"), 0);
  EXPECT_EQ(renew(w, "v0"), 1);
}

TEST(renew_request, that_is_there_at_creation_is_settled_by_the_first_issuance) {
  world w = a_new_object();
  w.object.meta.annotations[std::string(names::renew_annotation)] = "one";
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.object.status.last_handled_renew, "one");
  w.restart();
  EXPECT_EQ(settle(w), 0);
}

TEST(renew_request, is_settled_by_any_minting_that_comes_first) {
  world w = a_ready_object();
  w.secrets.clear();
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "TokenLost");
  EXPECT_EQ(settle(w), 0);
}

TEST(renew_request, is_remembered_although_the_secrets_annotations_about_it_are_wiped) {
  world w = a_ready_object();
  renew(w, "one");
  renew(w, "two");
  w.secret().meta.annotations.erase(std::string(names::secret_renew));
  w.secret().meta.annotations.erase(std::string(names::secret_renew_history));
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(renew(w, "one"), 0);
  EXPECT_EQ(renew(w, "two"), 0);
}

TEST(renew_request, is_remembered_although_all_annotations_of_the_secret_are_wiped) {
  world w = a_ready_object();
  renew(w, "one");
  const std::string token = w.token();
  w.secret().meta.annotations.clear();
  w.touch("ci-bot-token");
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.token(), token);
  EXPECT_EQ(w.revision(), "2");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(renew(w, "one"), 0);
  EXPECT_EQ(play(w), "");
}

TEST(renew_request, waits_while_the_object_is_suspended) {
  world w = a_ready_object();
  w.object.spec.suspend = true;
  w.edit_spec();
  EXPECT_EQ(renew(w, "one"), 0);
  EXPECT_EQ(w.reason(), "Suspended");
  w.object.spec.suspend = false;
  w.edit_spec();
  EXPECT_EQ(settle(w, 10min), 1);
}

TEST(renew_request, beyond_ten_an_hour_waits_and_the_latest_value_wins) {
  world w = a_ready_object();
  int minted = 0;
  for (int i = 0; i < 15; ++i) {
    w.annotate(names::renew_annotation, "v" + std::to_string(i));
    transcript run(w);
    run.play();
    minted += w.object.status.last_handled_renew == "v" + std::to_string(i);
  }
  EXPECT_EQ(minted, 10);
  EXPECT_EQ(w.reason(), "TooManyRenewals");
  EXPECT_EQ(settle(w, 2h), 1);
  EXPECT_EQ(w.object.status.last_handled_renew, "v14");
}

TEST(renew_request, that_waits_for_its_hour_says_nothing_bad_about_the_token) {
  world w = a_ready_object();
  for (int i = 0; i < 11; ++i) {
    w.annotate(names::renew_annotation, "v" + std::to_string(i));
    play(w);
  }
  EXPECT_EQ(w.reason(), "TooManyRenewals");
  EXPECT_TRUE(w.condition_of("TokenValid")->status);
}

TEST(renew_request, that_waits_holds_no_change_of_access_up) {
  world w = a_ready_object();
  for (int i = 0; i < 11; ++i) {
    w.annotate(names::renew_annotation, "v" + std::to_string(i));
    play(w);
  }
  w.object.spec.own.permissions = {"rudder.app.admin"};
  w.edit_spec();
  EXPECT_EQ(play(w), "read_secret, read_account, update_account, patch_status");
  EXPECT_EQ(w.reason(), "TooManyRenewals");
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.app.admin"});
}

TEST(renew_request, a_reconcile_annotation_looks_at_everything_and_mints_nothing) {
  world w = a_ready_object();
  w.annotate(names::reconcile_annotation, "now");
  EXPECT_EQ(play(w), "read_secret, read_account, list_accounts, patch_status");
  EXPECT_EQ(w.object.status.last_handled_reconcile, "now");
  EXPECT_EQ(play(w), "");
}

TEST(renew_request, that_was_in_doubt_is_settled_by_the_recovery_although_another_value_came_meanwhile) {
  world w = a_ready_object();
  renew(w, "zero");
  transcript lost = call_for(w, "one");
  lost.fail_after_doing(api_errc::timeout);
  lost.play();
  w.annotate(names::renew_annotation, "two");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Recovery");
  EXPECT_EQ(renew(w, "one"), 0);
  EXPECT_EQ(renew(w, "two"), 0);
}

TEST(renew_request, that_was_surely_refused_is_honoured_when_it_comes_again) {
  world w = a_ready_object();
  renew(w, "zero");
  transcript refused = call_for(w, "one");
  refused.fail(api_errc::rate_limited);
  refused.play();
  EXPECT_EQ(renew(w, "two"), 1);
  EXPECT_EQ(renew(w, "one"), 1);
}

TEST(renew_request, is_remembered_although_intent_and_notes_are_wiped) {
  world w = a_ready_object();
  renew(w, "one");
  w.secret().meta.annotations.clear();
  w.touch("ci-bot-token");
  w.wipe_intent();
  w.restart();
  EXPECT_EQ(renew(w, "two"), 1);
  EXPECT_EQ(renew(w, "one"), 0);
}

}  // namespace
}  // namespace platformer::accounts::test
