// From `kubectl apply` to a working token: what it costs, and what restarts and rest cost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// creationTimestamp has whole seconds: an object is provably new from the next one on.
void let_the_second_pass() {
  const std::time_t started = std::time(nullptr);
  ASSERT_TRUE(eventually(5s, [&] { return std::time(nullptr) > started + 1; }));
}

TEST(issuance, the_secret_holds_a_token_that_authenticates) {
  scenario it;
  make_ready(it, "ci-bot", "project: storefront\npermissions: [rudder.app.editor]\ncustomRoles: [releasers]");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  const auto accounts = it.console.accounts();
  ASSERT_EQ(accounts.size(), 1U);
  EXPECT_EQ(accounts[0]["name"], "ci-bot");
  EXPECT_EQ(accounts[0]["id"], it.kube.object("psa/ci-bot")["status"]["accountID"]);
}

TEST(issuance, costs_three_writes_one_dry_run_and_one_console_call) {
  scenario it;
  make_ready(it, "first");
  let_the_second_pass();
  it.audit.mark();
  it.console.clear_calls();
  it.kube.apply(service_account_yaml("second"));
  ASSERT_TRUE(it.kube.wait("psa/second", "condition=Ready", usual_wait));
  EXPECT_THAT(it.operator_writes(),
              ElementsAre("patch serviceaccounts second 200", "create secrets second-token 201 (dry run)",
                          "create secrets second-token 201", "patch serviceaccounts/status second 200"));
  EXPECT_EQ(it.console.calls(), 1U);
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U);
}

TEST(issuance, an_organization_account_spans_projects_with_different_access) {
  scenario it;
  make_ready(it, "org-bot",
             "permissions: [organization.viewer]\ncustomRoles: [deployers]\nprojectAccess:\n"
             "- {project: storefront, permissions: [rudder.app.editor], customRoles: [releasers]}\n"
             "- {project: billing, permissions: [rudder.app.viewer]}");
  const auto account = it.console.accounts()[0];
  EXPECT_TRUE(account["project_id"].is_null());
  EXPECT_EQ(account["projects"].size(), 2U);
}

TEST(issuance, a_restart_with_ready_accounts_writes_and_mints_nothing) {
  scenario it;
  make_ready(it, "a");
  for (int i = 0; i < 20; ++i)
    it.kube.apply(service_account_yaml("b" + std::to_string(i)));
  it.kube.must({"wait", "psa", "--all", "--for=condition=Ready", "--timeout=25s"});
  it.the_operator().stop();
  it.audit.mark();
  it.console.clear_calls();
  it.start_operator();
  ASSERT_TRUE(it.the_operator().ready());
  // One thing to do shows that everything before it in the queue is done.
  it.kube.apply(service_account_yaml("after"));
  ASSERT_TRUE(it.kube.wait("psa/after", "condition=Ready", usual_wait));
  for (const std::string& write : it.operator_writes())
    EXPECT_THAT(write, testing::HasSubstr("after"));
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U);
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
}

TEST(issuance, at_rest_there_are_no_requests) {
  scenario it;
  make_ready(it, "quiet");
  it.audit.mark();
  it.console.clear_calls();
  // Nothing is to happen for so long; there is no event to wait for.
  EXPECT_FALSE(eventually(5s, [&] { return it.console.calls() != 0; }));
  EXPECT_THAT(it.operator_writes(), IsEmpty());
}

TEST(issuance, a_foreign_secret_is_left_alone_and_nothing_is_minted) {
  scenario it;
  it.connect();
  it.kube.must({"create", "secret", "generic", "ci-bot-token", "--from-literal=token=mine"});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "SecretNotOwned"));
  EXPECT_EQ(token_of(it, "ci-bot-token"), "mine");
  EXPECT_EQ(it.console.calls("createServiceAccount"), 0U);
}

TEST(issuance, unknown_projects_and_roles_are_named) {
  scenario it;
  it.connect();
  it.start_operator();
  it.kube.apply(service_account_yaml("p", "project: nowhere"));
  it.kube.apply(service_account_yaml("r", "customRoles: [nobody]"));
  ASSERT_TRUE(comes_to_reason(it, "psa/p", "ProjectNotFound"));
  ASSERT_TRUE(comes_to_reason(it, "psa/r", "RoleNotFound"));
  EXPECT_THAT(message_of(it, "psa/p"), testing::HasSubstr("nowhere"));
  EXPECT_THAT(message_of(it, "psa/r"), testing::HasSubstr("nobody"));
  EXPECT_THAT(it.console.accounts(), IsEmpty());
}

TEST(issuance, a_full_quota_is_found_out_before_the_console_is_called) {
  scenario it;
  it.connect();
  it.start_operator();
  it.kube.must({"create", "quota", "no-more", "--hard=secrets=1"});
  // The quota controller of this control plane does not run: the status is set as it would.
  it.kube.must({"patch", "quota", "no-more", "--subresource=status", "--type=merge", "-p",
                R"({"status":{"hard":{"secrets":"1"},"used":{"secrets":"1"}}})"});
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "SecretWriteRefused"));
  EXPECT_EQ(it.console.calls("createServiceAccount"), 0U);
  it.kube.must({"delete", "quota", "no-more"});
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 90s));
}

}  // namespace
}  // namespace platformer::test
