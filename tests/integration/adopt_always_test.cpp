// adoptionPolicy: Always, which takes over what somebody made at the Console by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* legacy = "adoptable: [\"legacy-*\"]";

// Waits until the object says that it leaves the account alone, and checks that it does.
void expect_conflict(scenario& it, const std::string& name, const json& account) {
  ASSERT_TRUE(comes_to_reason(it, "psa/" + name, "AccountConflict"));
  EXPECT_EQ(it.console.account(account["id"])["description"], account["description"]);
  EXPECT_TRUE(it.console.is_live(account["token"]));
}

TEST(adopt_always, takes_over_an_allowed_account_with_one_new_token_and_no_more_access) {
  scenario it;
  it.connect(legacy);
  const json made = it.console.make_by_hand(
      "legacy-bot", {{"description", "by hand"}, {"roles", {"rudder.app.editor", "rudder.app.viewer"}}});
  it.start_operator();
  it.kube.apply(service_account_yaml(
      "ci-bot", "accountName: legacy-bot\nadoptionPolicy: Always\npermissions: [rudder.app.viewer]"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  const auto object = it.kube.object("psa/ci-bot");
  EXPECT_EQ(object["status"]["accountID"], made["id"]);
  EXPECT_EQ(object["status"]["token"]["cause"], "Adoption");
  ASSERT_EQ(it.console.accounts().size(), 1U);
  const json now = it.console.account(made["id"]);
  EXPECT_THAT(now["description"].get<std::string>(), HasSubstr(object["metadata"]["uid"].get<std::string>()));
  EXPECT_EQ(now["roles"], json({"rudder.app.viewer"}));
  EXPECT_EQ(now["tokens_issued"], 2);
  EXPECT_FALSE(it.console.is_live(made["token"]));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_TRUE(comes_to_event(it, "ci-bot", "Normal", "taken over"));
}

TEST(adopt_always, says_beforehand_that_the_token_in_use_ends) {
  scenario it;
  it.connect(std::string(legacy) + "\ntimeout: 5s");
  const json made = it.console.make_by_hand("legacy-bot");
  // The account's change comes after the announcement, and hangs.
  it.console.add_fault({{"operation", "updateServiceAccount"}, {"hang", "before"}});
  it.start_operator();
  it.kube.apply(
      service_account_yaml("legacy-bot", "adoptionPolicy: Always\npermissions: [rudder.app.viewer]"));
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.console.admin("GET", "/faults")["pending"] == 0; }));
  EXPECT_THAT(message_of(it, "psa/legacy-bot"), HasSubstr("ends the one that is in use now"));
  EXPECT_TRUE(it.console.is_live(made["token"]));
  ASSERT_TRUE(it.kube.wait("psa/legacy-bot", "condition=Ready", usual_wait));
  EXPECT_FALSE(it.console.is_live(made["token"]));
}

TEST(adopt_always, leaves_alone_what_the_connection_does_not_allow_until_it_does) {
  scenario it;
  it.connect(legacy);
  const json made = it.console.make_by_hand("payroll", {{"description", "by hand"}});
  it.start_operator();
  it.kube.apply(service_account_yaml("payroll", "adoptionPolicy: Always"));
  expect_conflict(it, "payroll", made);
  EXPECT_THAT(message_of(it, "psa/payroll"), HasSubstr("spec.adoptable"));
  it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"spec":{"adoptable":["payroll"]}})"});
  ASSERT_TRUE(it.kube.wait("psa/payroll", "condition=Ready", usual_wait));
  EXPECT_EQ(it.kube.object("psa/payroll")["status"]["accountID"], made["id"]);
}

TEST(adopt_always, takes_none_of_several_and_none_of_another_level) {
  scenario it;
  it.connect(legacy);
  const json one = it.console.make_by_hand("legacy-two");
  it.console.make_by_hand("legacy-two");
  const json elsewhere = it.console.make_by_hand("legacy-project", json::object(), "prj-storefront");
  it.start_operator();
  it.kube.apply(service_account_yaml("legacy-two", "adoptionPolicy: Always"));
  it.kube.apply(service_account_yaml("legacy-project", "adoptionPolicy: Always"));
  expect_conflict(it, "legacy-two", one);
  ASSERT_TRUE(it.kube.wait("psa/legacy-project", "condition=Ready", usual_wait));
  EXPECT_NE(it.kube.object("psa/legacy-project")["status"]["accountID"], elsewhere["id"]);
  EXPECT_TRUE(it.console.is_live(elsewhere["token"]));
}

TEST(adopt_always, never_takes_what_another_object_of_this_cluster_has) {
  scenario it;
  it.connect("adoptable: [\"*\"]");
  make_ready(it, "first", "accountName: shared");
  const std::string token = token_of(it, "first-token");
  it.kube.apply(service_account_yaml("second", "accountName: shared\nadoptionPolicy: Always"));
  ASSERT_TRUE(it.kube.wait("psa/second", "condition=Ready", usual_wait));
  EXPECT_TRUE(it.console.is_live(token));
  EXPECT_EQ(it.console.accounts().size(), 2U);
}

}  // namespace
}  // namespace platformer::test
