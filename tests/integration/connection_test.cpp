// Connections that don't work say why, and their accounts recover by themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

void patch_connection(scenario& it, const std::string& spec) {
  it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"spec":)" + spec + "}"});
}

TEST(connection, missing_credentials_are_named_and_healed) {
  scenario it;
  it.connect();
  it.kube.must({"delete", "secret", "console-credentials"});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "CredentialsNotFound"));
  EXPECT_THAT(message_of(it, "pcc/default"), HasSubstr("kubectl create secret generic console-credentials"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "ConnectionNotReady"));
  it.kube.must({"create", "secret", "generic", "console-credentials",
                "--from-file=token=" + it.console.credential_file().string()});
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 90s));
}

TEST(connection, a_wrong_credential_is_rejected) {
  scenario it;
  it.connect();
  it.kube.must({"patch", "secret", "console-credentials", "--type=merge", "-p",
                R"({"stringData":{"token":"wrong"}})"});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "CredentialsRejected"));
  EXPECT_EQ(it.kube.object("pcc/default")["status"]["tokenValid"], false);
}

TEST(connection, an_unknown_organization_is_named) {
  scenario it;
  it.connect();
  patch_connection(it, R"({"organization":"nobody"})");
  it.start_operator();
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "OrganizationNotFound"));
  EXPECT_THAT(message_of(it, "pcc/default"), HasSubstr("acme"));
  it.kube.apply(service_account_yaml("ci-bot"));
  patch_connection(it, R"({"organization":"acme"})");
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 60s));
}

TEST(connection, an_account_without_a_connection_waits_for_it) {
  scenario it;
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "ConnectionNotFound"));
  it.connect();
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
}

TEST(connection, accounts_at_rest_stay_ready_while_the_console_is_away) {
  scenario it;
  make_ready(it, "ci-bot");
  it.console.add_fault({{"operation", "*"}, {"count", 1000}, {"status", 503}});
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "ConsoleUnavailable"));
  it.console.admin("DELETE", "/faults");
  EXPECT_TRUE(comes_to_revision(it, "ci-bot", 2));
}

}  // namespace
}  // namespace platformer::test
