// A connection that leads to another organization than the one that has the account: what is not found there
// is not lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// The account of a ready object stays behind in org-1; the calls go to org-2.
struct moved {
  world w = a_ready_object();
  std::vector<account> left_behind;
  std::map<std::string, std::string> live_there;

  moved() { move(); }
  void move() {
    w.connection.organization_id = "org-2";
    left_behind = std::exchange(w.accounts, {});
    live_there = std::exchange(w.live_tokens, {});
  }
  void put_back() {
    w.connection.organization_id = "org-1";
    w.accounts = left_behind;
    w.live_tokens = live_there;
  }
};

TEST(organization, is_recorded_with_the_account) {
  world w = a_new_object();
  w.object.spec.suspend = true;
  play(w);
  EXPECT_EQ(w.object.status.organization_id, "") << "nothing is anywhere yet";
  EXPECT_EQ(a_ready_object().object.status.organization_id, "org-1");
}

TEST(organization, is_recorded_when_an_account_may_exist_already) {
  world w = a_new_object();
  transcript run(w);
  run.until<create_account>();
  run.fail(api_errc::timeout);
  run.play();
  EXPECT_EQ(w.object.status.organization_id, "org-1");
}

TEST(organization, is_recorded_while_what_an_earlier_process_began_is_waited_out) {
  world w = a_new_object();
  transcript dies(w);
  dies.until<create_account>();
  w.restart();
  EXPECT_EQ(play(w), "read_secret, patch_status");
  EXPECT_EQ(w.object.status.organization_id, "org-1");
}

TEST(organization, is_recorded_again_after_the_status_was_wiped) {
  world w = a_ready_object();
  w.wipe_status();
  w.restart();
  settle(w);
  EXPECT_EQ(w.object.status.organization_id, "org-1");
}

TEST(organization, of_a_create_that_was_refused_binds_nothing) {
  world w = a_new_object();
  transcript refused(w);
  refused.until<create_account>();
  refused.fail(api_errc::forbidden);
  refused.play();
  w.connection.organization_id = "org-2";
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.reason(), "Issued");
  EXPECT_EQ(w.object.status.organization_id, "org-2");
}

TEST(organization, that_changed_makes_no_account_there_and_says_so) {
  moved it;
  it.w.annotate(names::renew_annotation, "one");
  transcript run(it.w);
  EXPECT_EQ(run.play(), "read_account, list_accounts, patch_status");
  ASSERT_EQ(it.w.reason(), "OrganizationChanged");
  ASSERT_NE(it.w.condition_of("Stalled"), nullptr);
  EXPECT_THAT(it.w.condition_of("Stalled")->message, HasSubstr("organization org-1"));
  EXPECT_THAT(it.w.condition_of("Stalled")->message, HasSubstr("organization org-2"));
  EXPECT_LE(run.end<back_off>().at_most, 60s) << "a connection that stays ready tells nobody";
  EXPECT_EQ(settle(it.w, 1h), 0);
  EXPECT_TRUE(it.w.accounts.empty());
  EXPECT_EQ(it.w.object.status.organization_id, "org-1");
  it.put_back();
  EXPECT_EQ(settle(it.w), 1);
  EXPECT_EQ(it.w.cause(), "RenewRequest");
  EXPECT_TRUE(it.w.token_is_live());
}

TEST(organization, that_changed_does_not_disturb_an_object_at_rest) {
  moved it;
  EXPECT_EQ(play(it.w), "");
  it.w.restart();
  EXPECT_EQ(play(it.w), "");
  it.w.touch("ci-bot-token");
  EXPECT_EQ(play(it.w), "read_secret");
  EXPECT_EQ(it.w.reason(), "Issued");
  EXPECT_EQ(it.w.object.status.organization_id, "org-1");
}

TEST(organization, that_changed_while_a_create_was_in_doubt_makes_no_second_account) {
  moved it;
  it.w = a_new_object();
  transcript run(it.w);
  run.until<create_account>();
  run.fail_after_doing(api_errc::timeout);
  run.play();
  it.move();
  for (const bool restarts : {false, true}) {
    if (restarts) it.w.restart();
    EXPECT_EQ(settle(it.w, 1h), 0);
    EXPECT_TRUE(it.w.accounts.empty());
    EXPECT_EQ(it.w.reason(), "OrganizationChanged");
  }
  it.put_back();
  EXPECT_EQ(settle(it.w), 1);
  EXPECT_EQ(it.w.accounts.size(), 1U);
  EXPECT_TRUE(it.w.token_is_live());
}

TEST(organization, that_changed_takes_over_nothing_there) {
  moved it;
  it.w.put_account("another", "platformer-operator:c1/team-a/ci-bot/u0");
  it.w.annotate(names::reconcile_annotation, "now");
  EXPECT_EQ(settle(it.w, 1h), 0);
  EXPECT_EQ(it.w.reason(), "OrganizationChanged");
  EXPECT_EQ(it.w.accounts.front().description, "platformer-operator:c1/team-a/ci-bot/u0");
}

TEST(organization, that_changed_keeps_a_deleted_object_until_it_is_put_back) {
  for (const auto policy : {deletion_policy::remove, deletion_policy::orphan}) {
    moved it;
    it.w.object.spec.deletion = policy;
    it.w.delete_object();
    transcript run(it.w);
    EXPECT_EQ(run.play(), "read_account, list_accounts, patch_status");
    ASSERT_EQ(it.w.reason(), "DeletionBlocked");
    EXPECT_THAT(it.w.condition_of("Ready")->message, HasSubstr("org-1"));
    EXPECT_THAT(it.w.condition_of("Ready")->message, HasSubstr("org-2"));
    EXPECT_THAT(it.w.condition_of("Ready")->message, HasSubstr("kubectl annotate psa ci-bot"));
    EXPECT_EQ(it.w.secret().meta.owners.size(), 1U) << "not let go yet";
    it.put_back();
    settle(it.w);
    EXPECT_FALSE(it.w.object_exists);
    EXPECT_EQ(it.w.accounts.size(), policy == deletion_policy::remove ? 0U : 1U);
  }
}

TEST(organization, that_changed_lets_go_of_an_object_when_a_person_says_so) {
  moved it;
  it.w.delete_object();
  it.w.annotate(names::orphan_annotation, "true");
  settle(it.w);
  EXPECT_FALSE(it.w.object_exists);
}

TEST(organization, is_corrected_in_the_status_when_the_account_is_found_where_the_connection_leads) {
  world w = a_ready_object();
  w.object.status.organization_id = "forged";
  EXPECT_EQ(play(w), "");
  w.annotate(names::reconcile_annotation, "now");
  transcript run(w);
  run.play();
  EXPECT_EQ(w.reason(), "Issued");
  EXPECT_EQ(run.event_names(), "") << "no word of another organization";
  EXPECT_EQ(w.object.status.organization_id, "org-1");
  w.object.status.organization_id = "forged";
  w.delete_object();
  settle(w);
  EXPECT_FALSE(w.object_exists);
  EXPECT_TRUE(w.accounts.empty());
}

}  // namespace
}  // namespace platformer::accounts::test
