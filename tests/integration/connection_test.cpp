// Connections that don't work say why, and their accounts recover by themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

// A Console with two organizations, a ServiceAccount that is Ready in the first, and a connection that can be
// led to either: each has a credential of its own.
struct two_organizations {
  two_organizations() { make_ready(it, "ci-bot"); }

  static console_options seeded() {
    const auto file = fresh_folder(unique_name("seed")) / "seed.yaml";
    std::ofstream(file)
        << "organizations:\n- {id: org-acme, name: acme}\n- {id: org-umbrella, name: umbrella}\n";
    console_options options;
    options.seed = file;
    return options;
  }
  void lead_to(const std::string& name) {
    const nlohmann::json wanted{
        {"name", "of-" + name}, {"organization_id", "org-" + name}, {"roles", {"organization.admin"}}};
    const nlohmann::json secret{
        {"stringData", {{"token", it.console.admin("POST", "/credentials", wanted)["token"]}}}};
    it.kube.must({"patch", "secret", "console-credentials", "--type=merge", "-p", secret.dump()});
    patch_connection(it, R"({"organization":")" + name + "\"}");
  }
  std::vector<std::string> organizations_of_accounts() {
    std::vector<std::string> found;
    for (const auto& each : it.console.accounts())
      found.push_back(each["organization_id"]);
    return found;
  }

  scenario it{seeded()};
};

TEST(connection, in_use_stays_with_its_organization) {
  two_organizations of;
  scenario& it = of.it;
  const std::string token = token_of(it, "ci-bot-token");
  of.lead_to("umbrella");
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "OrganizationChanged"));
  EXPECT_THAT(message_of(it, "pcc/default"), AllOf(HasSubstr("org-acme"), HasSubstr("org-umbrella")));
  EXPECT_EQ(it.kube.object("pcc/default")["status"]["organizationID"], "org-acme");
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "ConnectionNotReady"));
  it.the_operator().restart();
  it.kube.apply(service_account_yaml("second"));
  ASSERT_TRUE(comes_to_reason(it, "psa/second", "ConnectionNotReady"));
  EXPECT_THAT(of.organizations_of_accounts(), ElementsAre("org-acme"));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_TRUE(it.console.is_live(token));
  of.lead_to("acme");
  EXPECT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_TRUE(it.kube.wait("psa/second", "condition=Ready", 60s));
  EXPECT_THAT(of.organizations_of_accounts(), ElementsAre("org-acme", "org-acme"));
}

TEST(connection, led_to_another_organization_lets_go_of_accounts_in_the_one_before_and_then_moves) {
  two_organizations of;
  scenario& it = of.it;
  of.lead_to("umbrella");
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "OrganizationChanged"));
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  EXPECT_THAT(of.organizations_of_accounts(), IsEmpty());
  ASSERT_TRUE(it.kube.wait("pcc/default", "condition=Ready", 60s));
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["organizationID"], "org-umbrella");
  EXPECT_THAT(of.organizations_of_accounts(), ElementsAre("org-umbrella"));
}

TEST(connection, led_to_another_organization_keeps_deleted_objects_after_a_restart_until_it_is_put_back) {
  two_organizations of;
  scenario& it = of.it;
  it.the_operator().stop();
  of.lead_to("umbrella");
  it.kube.must({"delete", "psa", "ci-bot", "--wait=false"});
  it.start_operator();
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "OrganizationChanged"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "DeletionBlocked"));
  EXPECT_THAT(of.organizations_of_accounts(), ElementsAre("org-acme"));
  of.lead_to("acme");
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "delete", 60s));
  EXPECT_THAT(of.organizations_of_accounts(), IsEmpty());
}

TEST(connection, whose_own_record_was_wiped_makes_no_second_account_in_another_organization) {
  two_organizations of;
  scenario& it = of.it;
  it.the_operator().stop();
  of.lead_to("umbrella");
  it.kube.must(
      {"patch", "pcc", "default", "--subresource=status", "--type=merge", "-p", R"({"status":null})"});
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  it.start_operator();
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "OrganizationChanged"));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["organizationID"], "org-acme");
  EXPECT_THAT(of.organizations_of_accounts(), ElementsAre("org-acme"));
}

}  // namespace
}  // namespace platformer::test
