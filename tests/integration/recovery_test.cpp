// Crashes and lost replies at the one place where a token can be lost: between the Console's commit and the
// Secret.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

// A short call timeout, so that an operation in doubt is waited out quickly.
void connect_quickly(scenario& it) {
  it.connect("timeout: 2s");
}

TEST(recovery, a_kill_between_the_consoles_commit_and_the_secret_costs_one_more_mint) {
  scenario it;
  connect_quickly(it);
  it.console.add_fault({{"operation", "createServiceAccount"}, {"count", 1}, {"hang", "after_commit"}});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.accounts().size() == 1; }));
  it.the_operator().program().kill();
  ASSERT_FALSE(it.kube.find("secret/ci-bot-token"));
  it.start_operator();
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  ASSERT_EQ(it.console.accounts().size(), 1U);
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 2);
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["token"]["cause"], "Recovery");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(recovery, a_kill_between_a_renewals_commit_and_the_secret_costs_one_more_mint) {
  scenario it;
  connect_quickly(it);
  make_ready(it, "ci-bot");
  it.console.add_fault({{"operation", "renewServiceAccountToken"}, {"count", 1}, {"hang", "after_commit"}});
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.accounts()[0]["tokens_issued"] == 2; }));
  it.the_operator().program().kill();
  ASSERT_FALSE(it.console.is_live(token_of(it, "ci-bot-token"))) << "the window that no client can close";
  it.start_operator();
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.is_live(token_of(it, "ci-bot-token")); }));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 3);
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["lastHandledRenew"], "1")
      << "the request is honoured by the recovery";
}

TEST(recovery, a_lost_reply_to_a_creation_makes_no_second_account) {
  scenario it;
  connect_quickly(it);
  it.console.add_fault({{"operation", "createServiceAccount"}, {"count", 1}, {"cut", "after_commit"}});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U);
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(recovery, a_lost_reply_to_a_renewal_is_renewed_once_more) {
  scenario it;
  connect_quickly(it);
  make_ready(it, "ci-bot");
  it.console.add_fault({{"operation", "renewServiceAccountToken"}, {"count", 1}, {"cut", "after_commit"}});
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.calls("renewServiceAccountToken") == 2; }));
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.is_live(token_of(it, "ci-bot-token")); }));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 3);
}

TEST(recovery, errors_of_the_console_lose_nothing) {
  scenario it;
  connect_quickly(it);
  it.console.add_fault({{"operation", "createServiceAccount"}, {"count", 1}, {"status", 500}});
  it.console.add_fault(
      {{"operation", "createServiceAccount"}, {"count", 1}, {"status", 429}, {"retry_after", 1}});
  it.console.add_fault(
      {{"operation", "createServiceAccount"}, {"count", 1}, {"status", 200}, {"body", "garbage"}});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 60s));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(recovery, sigterm_in_the_middle_of_a_call_loses_no_token) {
  scenario it;
  it.connect();
  it.console.add_fault({{"operation", "createServiceAccount"}, {"count", 1}, {"latency_ms", 1500}});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return it.kube.object("psa/ci-bot")["metadata"].contains("annotations") &&
           it.kube.object("psa/ci-bot")["metadata"]["annotations"].contains(
               "console.platformer.com/operation");
  }));
  EXPECT_EQ(it.the_operator().stop(20s), 0);
  it.start_operator();
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 60s));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

}  // namespace
}  // namespace platformer::test
