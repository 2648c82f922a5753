// strategy Replace: a second account takes over, and at no moment does the Secret hold a dead token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

std::string account_of(scenario& it) {
  return it.kube.object("psa/ci-bot")["status"]["accountID"];
}

TEST(replace, two_tokens_live_during_the_overlap_and_one_after_it) {
  scenario it;
  make_ready(it, "ci-bot", "project: storefront\ntoken: {strategy: Replace, overlap: 5s}");
  const std::string before = token_of(it, "ci-bot-token");
  const std::string account = account_of(it);
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  const std::string after = token_of(it, "ci-bot-token");
  EXPECT_TRUE(it.console.is_live(before));
  EXPECT_TRUE(it.console.is_live(after));
  EXPECT_NE(account_of(it), account);
  ASSERT_EQ(it.console.accounts().size(), 2U);
  EXPECT_EQ(it.console.accounts()[0]["roles"], it.console.accounts()[1]["roles"]);
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.accounts().size() == 1; }));
  EXPECT_TRUE(it.console.account(account).is_null());
  EXPECT_FALSE(it.console.is_live(before));
  EXPECT_TRUE(it.console.is_live(after));
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
}

TEST(replace, another_renewal_ends_the_overlap_first) {
  scenario it;
  make_ready(it, "ci-bot", "token: {strategy: Replace, overlap: 1h}");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  const std::string second = account_of(it);
  ask_to_renew(it, "ci-bot", "two");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 3));
  EXPECT_EQ(it.console.accounts().size(), 2U);
  EXPECT_FALSE(it.console.account(second).is_null()) << "the account before this one";
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(replace, a_console_that_refuses_namesakes_gets_another_name) {
  scenario it;
  it.console.admin("POST", "/settings", {{"duplicate_names", "refuse"}});
  make_ready(it, "ci-bot", "token: {strategy: Replace, overlap: 0s}");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.accounts().size() == 1; }));
  EXPECT_EQ(it.console.accounts()[0]["name"], "ci-bot-r2");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(replace, deletion_during_the_overlap_leaves_no_account) {
  scenario it;
  make_ready(it, "ci-bot", "token: {strategy: Replace, overlap: 1h}");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  EXPECT_THAT(it.console.accounts(), IsEmpty());
}

struct kill_point {
  const char* operation;  // at the Console
  const char* hang;       // "before": killed before it is carried out, "after_commit": after
  std::int64_t revision;  // of the token in the Secret at that moment
};

class replace_killed : public testing::TestWithParam<kill_point> {};

TEST_P(replace_killed, no_token_in_the_secret_is_ever_dead) {
  const kill_point at = GetParam();
  scenario it;
  it.connect("timeout: 2s");
  make_ready(it, "ci-bot", "token: {strategy: Replace, overlap: 0s}");
  it.console.add_fault({{"operation", at.operation}, {"hang", at.hang}});
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.admin("GET", "/faults")["pending"] == 0; }));
  it.the_operator().program().kill();
  EXPECT_EQ(
      it.kube.object("secret/ci-bot-token")["metadata"]["annotations"]["console.platformer.com/revision"],
      std::to_string(at.revision));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token"))) << "with the operator dead";
  EXPECT_LE(it.console.accounts().size(), 2U);
  it.the_operator().restart();
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.accounts().size() == 1; }));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_EQ(account_of(it), it.console.accounts()[0]["id"]);
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
}

INSTANTIATE_TEST_SUITE_P(points, replace_killed,
                         testing::Values(kill_point{"createServiceAccount", "before", 1},
                                         kill_point{"createServiceAccount", "after_commit", 1},
                                         kill_point{"deleteServiceAccount", "before", 2},
                                         kill_point{"deleteServiceAccount", "after_commit", 2}),
                         [](const auto& of) {
                           return std::string(of.param.operation) + "_" + of.param.hang;
                         });

}  // namespace
}  // namespace platformer::test
