// adoptionPolicy Always: accounts that somebody else made, where the connection allows it.
#include <gtest/gtest.h>

#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

// ci-bot exists at the Console, made by a person, with more access than the object wants.
world with_a_stranger(adoption_policy policy = adoption_policy::always) {
  world w = a_new_object();
  w.object.spec.adoption = policy;
  w.connection.adoptable = {"ci-*"};
  account& made = w.put_account("acc-person", "made by hand");
  made.name = "ci-bot";
  made.roles = {"rudder.org.owner"};
  w.live_tokens["acc-person"] = "in use";
  return w;
}

TEST(adopt_always, tells_first_then_cuts_the_access_and_only_then_mints) {
  world w = with_a_stranger();
  EXPECT_EQ(play(w), "read_secret, list_accounts, read_account, patch_status");
  EXPECT_EQ(w.reason(), "Progressing");
  EXPECT_NE(w.condition_of("Ready")->message.find("acc-person"), std::string::npos);
  EXPECT_EQ(w.live_tokens["acc-person"], "in use");
  EXPECT_EQ(
      play(w),
      "read_secret, list_accounts, read_account, patch_intent, update_account, dry_run_secret, renew_token, "
      "write_secret, patch_status");
  EXPECT_EQ(w.cause(), "Adoption");
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.accounts.front().roles, w.object.spec.own.permissions);
  EXPECT_EQ(w.accounts.front().description, w.our_marker());
}

TEST(adopt_always, creates_where_there_is_nothing_to_adopt) {
  world w = a_new_object();
  w.object.spec.adoption = adoption_policy::always;
  w.connection.adoptable = {"*"};
  EXPECT_EQ(
      play(w),
      "read_secret, list_accounts, patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  EXPECT_EQ(w.cause(), "InitialIssue");
}

TEST(adopt_always, touches_nothing_that_the_connection_does_not_allow) {
  world w = with_a_stranger();
  w.connection.adoptable = {"other-*"};
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.reason(), "AccountConflict");
  EXPECT_NE(w.condition_of("Ready")->message.find("spec.adoptable"), std::string::npos);
  EXPECT_EQ(w.live_tokens["acc-person"], "in use");
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.org.owner"});
}

TEST(adopt_always, chooses_none_of_several) {
  world w = with_a_stranger();
  w.put_account("acc-second", "").name = "ci-bot";
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.reason(), "AccountConflict");
}

TEST(adopt_always, never_takes_an_account_with_another_objects_marker) {
  world w = with_a_stranger();
  w.accounts.front().description = "platformer-operator:c1/team-b/ci-bot/u9";
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_EQ(w.live_tokens["acc-person"], "in use");
}

TEST(adopt_always, takes_an_account_of_another_cluster) {
  world w = with_a_stranger();
  w.accounts.front().description = "platformer-operator:c2/team-a/ci-bot/u9";
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_EQ(w.cause(), "Adoption");
}

TEST(adopt_always, ignores_an_account_of_another_level) {
  world w = with_a_stranger();
  w.accounts.front().project_id = "p7";
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "InitialIssue");
}

TEST(adopt_if_marked, makes_its_own_account_beside_a_strangers) {
  world w = with_a_stranger(adoption_policy::if_marked);
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.accounts.size(), 2U);
  EXPECT_EQ(w.live_tokens["acc-person"], "in use");
}

TEST(adopt_always, is_carried_through_after_a_crash_at_each_step) {
  for (std::size_t at = 1; at < 12; ++at) {
    world w = with_a_stranger();
    play(w);
    transcript run(w);
    for (std::size_t i = 0; i < at && !run.ended(); ++i)
      run.ok();
    w.restart();
    w.advance(1min);
    settle(w);
    EXPECT_TRUE(w.token_is_live()) << at;
    EXPECT_EQ(w.accounts.size(), 1U) << at;
    EXPECT_EQ(w.accounts.front().roles, w.object.spec.own.permissions) << at;
  }
}

}  // namespace
}  // namespace platformer::accounts::test
