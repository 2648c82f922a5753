// Names that people choose are data: none leads a request to another path, adds a header, or is taken for a
// name that it only looks like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/gated_scenario.hpp"
#include "tests/integration/harness/hostile.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

json object_with(const std::string& name, const json& spec) {
  return {{"apiVersion", "console.platformer.com/v1alpha1"},
          {"kind", "ServiceAccount"},
          {"metadata", {{"name", name}}},
          {"spec", spec}};
}

// Each path asked for at the Console is one of the contract's, with an ID of the Console's own in it.
void expect_paths_of_the_contract(gated_scenario& at) {
  const std::regex known(
      "/auth/api/v1/(user/logintime|organization/list|organization/project/view/list/org-acme|"
      "customroles/organization/list/org-acme|customroles/project/list/org-acme/prj-[a-z]+|"
      "serviceaccount/token/create|serviceaccount/list|serviceaccount/[A-Za-z0-9]{20}(/token/renew)?)");
  for (const passage& each : at.gate.notes().all())
    EXPECT_TRUE(each.server != "console" || std::regex_match(each.path, known)) << each.text();
}

TEST(attack_names, account_names_are_data) {
  gated_scenario at;
  const std::vector<std::string> names = {"../../user/logintime",
                                          "..%2f..%2fuser%2flogintime",
                                          "a/b?page=9#c",
                                          "%0d%0aX-Organization-Id: org-evil",
                                          "${token}{id}{organization}",
                                          "\"},{\"name\":\"x",
                                          "bystаnder",  // with a Cyrillic а
                                          "platformer-operator:a/b/c/d"};
  for (std::size_t i = 0; i < names.size(); ++i)
    at.it.kube.apply(object_with("a" + std::to_string(i), {{"accountName", names[i]}}).dump());
  std::vector<std::string> there;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string what = "a" + std::to_string(i);
    ASSERT_TRUE(at.it.kube.wait("psa/" + what, "condition=Ready", usual_wait));
    const json account = at.it.console.account(at.it.kube.object("psa/" + what)["status"]["accountID"]);
    EXPECT_EQ(account["name"], names[i]);
    EXPECT_EQ(account["organization_id"], "org-acme");
  }
  at.it.kube.must({"delete", "psa", "a0", "a1", "a6", "a7", "--timeout=30s"});
  expect_paths_of_the_contract(at);
  EXPECT_TRUE(goes_on(at));
}

TEST(attack_names, what_no_name_may_hold_is_refused_by_the_apiserver) {
  scenario it;
  const auto expect_refused = [&](const json& spec) {
    const auto done = it.kube.run({"create", "--dry-run=server", "-f", "-"}, object_with("bad", spec).dump());
    EXPECT_NE(done.exit_code, 0) << spec.dump().substr(0, 200);
  };
  const std::string line_end = "a\r\nX-Organization-Id: org-evil";
  const std::string nul("a\0b", 3);
  const std::string endless(10'240, 'x');
  for (const std::string& bad : {line_end, nul, endless})
    for (const json& spec :
         {json{{"accountName", bad}}, json{{"project", bad}}, json{{"customRoles", json::array({bad})}},
          json{{"permissions", json::array({bad})}}, json{{"connectionRef", {{"name", bad}}}},
          json{{"secret", {{"name", bad}}}}, json{{"projectAccess", json::array({{{"project", bad}}})}}})
      expect_refused(spec);
  expect_refused({{"accountName", "a\u202Eb"}});  // turns the writing direction
  expect_refused({{"accountName", "a\u200B"}});   // has no width
}

TEST(attack_names, projects_and_roles_are_found_by_their_exact_names_only) {
  gated_scenario at;
  const std::map<std::string, std::pair<json, std::string>> cases = {
      {"climbs", {{{"project", "../billing"}}, "ProjectNotFound"}},
      {"encoded", {{{"project", "..%2fprj-billing"}}, "ProjectNotFound"}},
      {"through", {{{"project", "prj-storefront/../prj-billing"}}, "ProjectNotFound"}},
      {"looks-alike", {{{"project", "stоrefront"}}, "ProjectNotFound"}},  // with a Cyrillic о
      {"capital", {{{"project", "STOREFRONT"}}, "ProjectNotFound"}},
      {"access", {{{"projectAccess", {{{"project", "billing/../storefront"}}}}}, "ProjectNotFound"}},
      {"role", {{{"customRoles", {"dеployers"}}}, "RoleNotFound"}},  // with a Cyrillic е
      {"role-path", {{{"customRoles", {"../role-deployers"}}}, "RoleNotFound"}}};
  for (const auto& [name, wanted] : cases)
    at.it.kube.apply(object_with(name, wanted.first).dump());
  for (const auto& [name, wanted] : cases)
    EXPECT_TRUE(comes_to_reason(at.it, "psa/" + name, wanted.second));
  expect_paths_of_the_contract(at);
  EXPECT_TRUE(goes_on(at));
}

TEST(attack_names, an_organization_is_found_by_its_exact_name_only) {
  gated_scenario at;
  for (const std::string bad : {"аcme", "org-acme/../org-evil", "..%2forg-acme", "ACME"}) {  // a Cyrillic а
    const json change{{"spec", {{"organization", bad}}}};
    at.it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", change.dump()});
    ASSERT_TRUE(comes_to_reason(at.it, "pcc/default", "OrganizationNotFound")) << bad;
  }
  for (const std::string& refused : {std::string("acme\r\nX-Evil: 1"), std::string(10'240, 'x')}) {
    const json change{{"spec", {{"organization", refused}}}};
    EXPECT_NE(at.it.kube.run({"patch", "pcc", "default", "--type=merge", "-p", change.dump()}).exit_code, 0);
  }
  at.it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"spec":{"organization":"acme"}})"});
  expect_paths_of_the_contract(at);
  EXPECT_TRUE(goes_on(at));
}

}  // namespace
}  // namespace platformer::test
