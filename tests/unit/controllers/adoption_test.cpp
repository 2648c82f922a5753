// Adoption: what the object that bore this name before has left.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

// The object was deleted and made again (another UID) while account and Secret stayed.
world a_successor() {
  world w = a_ready_object();
  const service_account old = w.object;
  w.object = a_new_object().object;
  w.object.meta.uid = "u2";
  w.object.meta.resource_version = w.next_version();
  w.remembered = {};
  w.provably_new = false;
  return w;
}

TEST(adoption, keeps_a_token_that_is_intact_and_authenticates) {
  world w = a_successor();
  const std::string token = w.token();
  transcript run(w);
  EXPECT_EQ(run.play(),
            "read_secret, read_account, list_accounts, verify_token, patch_intent, update_account, "
            "write_secret, patch_status");
  EXPECT_EQ(w.token(), token);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.accounts.front().description, w.our_marker());
  EXPECT_EQ(w.secret().meta.controller()->uid, "u2");
  EXPECT_NE(run.event_names().find("Adopted"), std::string::npos);
  EXPECT_EQ(play(w), "");
}

TEST(adoption, mints_once_when_the_predecessors_token_is_dead) {
  world w = a_successor();
  w.live_tokens[w.accounts.front().id] = "another";
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Adoption");
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "2");
}

TEST(adoption, mints_once_when_the_predecessors_secret_is_gone) {
  world w = a_successor();
  w.secrets.clear();
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.cause(), "Adoption");
  EXPECT_EQ(w.accounts.size(), 1U);
  EXPECT_TRUE(w.token_is_live());
}

TEST(adoption, of_a_dead_token_is_carried_through_after_a_refused_call) {
  for (const bool in_dry_run : {true, false}) {
    world w = a_successor();
    w.live_tokens[w.accounts.front().id] = "another";
    transcript run(w);
    if (in_dry_run)
      run.until<dry_run_secret>();
    else
      run.until<renew_token>();
    run.fail(api_errc::forbidden);
    run.play();
    EXPECT_FALSE(w.token_is_live());
    EXPECT_EQ(settle(w), 1) << in_dry_run;
    EXPECT_TRUE(w.token_is_live()) << in_dry_run;
    EXPECT_EQ(w.cause(), "Adoption") << in_dry_run;
  }
}

TEST(adoption, of_a_dead_token_is_carried_through_after_a_crash_at_each_step) {
  for (int steps = 0; steps < 10; ++steps) {
    world w = a_successor();
    w.live_tokens[w.accounts.front().id] = "another";
    transcript run(w);
    for (int i = 0; i < steps && !run.ended(); ++i)
      run.ok();
    w.restart();
    settle(w);
    EXPECT_TRUE(w.token_is_live()) << steps;
    EXPECT_EQ(w.accounts.size(), 1U) << steps;
    EXPECT_EQ(w.secret().meta.controller()->uid, "u2") << steps;
  }
}

TEST(adoption, is_refused_by_the_policy_never) {
  world w = a_successor();
  w.object.spec.adoption = adoption_policy::never;
  EXPECT_EQ(settle(w, 10min), 0);
  EXPECT_EQ(w.reason(), "SecretNotOwned");
  w.secrets.clear();
  EXPECT_EQ(settle(w, 10min), 0);
  EXPECT_EQ(w.reason(), "AccountConflict");
  EXPECT_EQ(w.accounts.front().description, "platformer-operator:c1/team-a/ci-bot/u1");
}

TEST(adoption, of_an_account_whose_access_can_not_be_cut_hands_out_no_token) {
  world w = a_successor();
  w.secrets.clear();
  transcript run(w);
  run.until<update_account>();
  run.fail(api_errc::forbidden);
  EXPECT_EQ(run.play(), "patch_status");
  EXPECT_EQ(w.reason(), "ConsoleRejected");
}

TEST(adoption, sets_the_access_before_it_mints) {
  world w = a_successor();
  w.secrets.clear();
  w.accounts.front().roles = {"organization.admin"};
  transcript run(w);
  run.until<renew_token>();
  EXPECT_EQ(w.accounts.front().roles, string_set{"rudder.app.viewer"});
}

TEST(adoption, by_a_provably_new_object_happens_when_its_dry_run_meets_the_predecessors_secret) {
  world w = a_successor();
  w.secret().meta.annotations[std::string(names::secret_revision)] = "9";
  w.live_tokens[w.accounts.front().id] = "another";
  w.secret().meta.labels["x"] = "y";
  const auto hidden = std::exchange(w.secrets, {});
  w.provably_new = true;
  transcript run(w);
  w.secrets = hidden;
  while (!run.ended())
    run.ok();
  int minted = 0;
  for (const request& each : run.asked())
    minted += std::holds_alternative<create_account>(each) || std::holds_alternative<renew_token>(each);
  EXPECT_EQ(minted + settle(w), 1);
  EXPECT_TRUE(w.token_is_live());
  EXPECT_EQ(w.revision(), "10");
  EXPECT_EQ(w.accounts.size(), 1U);
}

TEST(adoption, does_not_take_an_account_of_another_cluster_or_name) {
  for (const char* mark :
       {"platformer-operator:c2/team-a/ci-bot/u1", "platformer-operator:c1/team-b/ci-bot/u1",
        "platformer-operator:c1/team-a/ci-bot2/u1", "no marker"}) {
    world w = a_new_object();
    w.provably_new = false;
    w.put_account("theirs", mark);
    EXPECT_EQ(settle(w), 1) << mark;
    EXPECT_EQ(w.accounts.size(), 2U) << mark;
    EXPECT_EQ(w.accounts.front().description, mark);
  }
}

}  // namespace
}  // namespace platformer::accounts::test
