// What a connection's owner allows is the most that anybody gets through it: by permissions, by custom roles,
// by what becomes of a role later, by access in other projects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/hostile.hpp"
#include "tests/integration/harness/operation_parts.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

json account_of(scenario& it, const std::string& name) {
  return it.console.account(it.kube.object("psa/" + name)["status"]["accountID"]);
}

TEST(attack_ceilings, are_not_passed_by_access_in_projects) {
  scenario it;
  it.connect("allowed: {projects: [storefront], permissions: [\"rudder.app.*\"], customRoles: [\"dep*\"]}");
  it.start_operator();
  const std::map<std::string, std::pair<std::string, std::string>> cases = {
      {"project", {"{project: billing, permissions: [rudder.app.viewer]}", "project \"billing\""}},
      {"by-id", {"{project: prj-billing, permissions: [rudder.app.viewer]}", "project \"billing\""}},
      {"permission",
       {"{project: storefront, permissions: [rudder.env.viewer]}", "permission \"rudder.env.viewer\""}},
      {"role", {"{project: storefront, customRoles: [releasers]}", "custom role \"releasers\""}},
      {"role-id", {"{project: storefront, permissions: [role-releasers]}", "permission \"role-releasers\""}}};
  std::string all;
  for (const auto& [name, wanted] : cases)
    all += service_account_yaml(name, "projectAccess: [" + wanted.first + "]") + "---\n";
  it.kube.apply(all +
                service_account_yaml(
                    "fits", "projectAccess: [{project: storefront, permissions: [rudder.app.viewer]}]"));
  ASSERT_TRUE(it.kube.wait("psa/fits", "condition=Ready", usual_wait));
  for (const auto& [name, wanted] : cases) {
    EXPECT_TRUE(comes_to_reason(it, "psa/" + name, "NotPermitted"));
    EXPECT_THAT(message_of(it, "psa/" + name), HasSubstr(wanted.second));
  }
  EXPECT_EQ(it.console.accounts().size(), 1U);
}

TEST(attack_ceilings, are_not_passed_by_a_later_edit_of_the_spec) {
  scenario it;
  it.connect("allowed: {permissions: [\"rudder.app.*\"]}");
  make_ready(it, "ci-bot", "permissions: [rudder.app.viewer]");
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p",
                R"({"spec":{"permissions":["rudder.app.viewer","rudder.secret.admin"]}})"});
  ask_to_renew(it, "ci-bot", "1");
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "NotPermitted"));
  EXPECT_EQ(account_of(it, "ci-bot")["roles"], json({"rudder.app.viewer"}));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
}

// The Console gives whoever has a role what the role carries; what the operator can do is to hand out no
// token for it any more.
TEST(attack_ceilings, are_not_passed_by_a_later_edit_of_a_role) {
  gated_scenario at;
  at.it.kube.must(
      {"patch", "pcc", "default", "--type=merge", "-p",
       R"({"spec":{"allowed":{"permissions":["rudder.app.*","rudder.delivery.*","rudder.env.*"]}}})"});
  subject about{.name = "ci-bot"};
  make_subject_ready(at, about, "customRoles: [deployers]\n" + std::string(never_verified));
  const std::string token = at.api.secret_value("ci-bot-token", "token");
  at.gate.impose(
      {.on = {.path = "/customroles/organization/list/"},
       .times = always,
       .act = act::forge{moment::after, [](const passage&, const std::string&, const std::string& told) {
                           json body = json::parse(told);
                           body["data"][0]["permissions"].push_back("rudder.secret.admin");
                           return act::answer{.status = 200,
                                              .headers = {{"Content-Type", "application/json"}},
                                              .body = body.dump()};
                         }}});
  // A listing of roles is used for a minute; this one does not know it.
  at.kill_operator();
  at.start_operator();
  ask_to_renew(at.it, "ci-bot", "1");
  ASSERT_TRUE(comes_to_reason(at.it, "psa/ci-bot", "NotPermitted"));
  EXPECT_THAT(message_of(at.it, "psa/ci-bot"), HasSubstr("\"rudder.secret.admin\", which a custom role"));
  EXPECT_EQ(at.api.secret_value("ci-bot-token", "token"), token);
  EXPECT_EQ(at.it.console.calls("renewServiceAccountToken"), 0U);
  EXPECT_TRUE(goes_on(at));
}

TEST(attack_ceilings, are_not_passed_by_names_that_look_alike) {
  scenario it;
  it.connect("allowed: {permissions: [\"rudder.app.*\"]}\nadoptable: [\"legacy-*\"]");
  const json made = it.console.make_by_hand("lеgacy-bot");  // with a Cyrillic е
  it.start_operator();
  it.kube.apply(service_account_yaml("permission", "permissions: [rudder.appx.admin]") + "---\n" +
                service_account_yaml("upper", "permissions: [Rudder.app.admin]") + "---\n" +
                service_account_yaml("taker", "accountName: \"lеgacy-bot\"\nadoptionPolicy: Always"));
  EXPECT_TRUE(comes_to_reason(it, "psa/permission", "NotPermitted"));
  EXPECT_TRUE(comes_to_reason(it, "psa/upper", "NotPermitted"));
  EXPECT_TRUE(comes_to_reason(it, "psa/taker", "AccountConflict"));
  EXPECT_TRUE(it.console.is_live(made["token"]));
}

}  // namespace
}  // namespace platformer::test
