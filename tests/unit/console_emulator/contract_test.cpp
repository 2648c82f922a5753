// Every operation, as operator/console/openapi.yaml describes it. The recorded exchanges of all tests here
// are checked against that file by the test console.emulator_traffic.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

TEST(emulator_contract, the_credential_is_live_and_another_is_not) {
  bench console;
  sender nobody_in_particular;
  nobody_in_particular.organization.reset();
  EXPECT_EQ(console.send(net::http_method::put, "/user/logintime", std::nullopt, nobody_in_particular).status,
            200);
  const auto refused =
      console.send(net::http_method::put, "/user/logintime", std::nullopt, with_token("pct_no"));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.error(), "the token is not known");
  EXPECT_EQ(refused.content_type, "application/json");
}

TEST(emulator_contract, the_seeded_directory_is_listed) {
  bench console;
  EXPECT_EQ(console.get("/organization/list").body.at("data"),
            json::parse(R"([{"organization_id": "org-acme", "name": "acme"}])"));
  const auto projects = console.get("/organization/project/view/list/org-acme").body.at("data");
  ASSERT_EQ(projects.size(), 2U);
  EXPECT_EQ(projects[0].at("name"), "storefront");
  EXPECT_EQ(projects[1].at("project_id"), "prj-billing");
  const auto roles = console.get("/customroles/organization/list/org-acme").body.at("data");
  EXPECT_EQ(roles[0].at("name"), "deployers");
  EXPECT_FALSE(roles[0].at("permissions").empty());
  const auto project_roles =
      console.get("/customroles/project/list/org-acme/prj-storefront", in_project("prj-storefront"));
  EXPECT_EQ(project_roles.body.at("data")[0].at("id"), "role-releasers");
}

TEST(emulator_contract, an_organization_account_has_access_to_several_projects) {
  bench console;
  const auto made = console.post("/serviceaccount/token/create", json::parse(R"({
      "name": "ci", "description": "deploys\nplatformer-operator:c/ns/ci/uid", "expired_in": "2126-01-02T03:04:05Z",
      "roles": ["organization.viewer", "role-deployers"],
      "projects": [{"project_id": "prj-billing", "roles": ["rudder.app.viewer"]},
                   {"project_id": "prj-storefront", "roles": ["role-releasers", "rudder.app.editor"]}]})"));
  ASSERT_EQ(made.status, 200) << made.error();
  const auto& data = made.body.at("data");
  EXPECT_EQ(data.at("organization_id"), "org-acme");
  EXPECT_EQ(data.at("project_id"), nullptr);
  EXPECT_EQ(data.at("expired_in"), "2126-01-02T03:04:05Z");
  EXPECT_EQ(data.at("status"), "active");
  EXPECT_EQ(data.at("projects").size(), 2U);
  EXPECT_TRUE(data.at("created_date").contains("_seconds")) << "one date in parts";
  EXPECT_TRUE(data.at("token_created_date").is_string()) << "and one as RFC 3339";
}

TEST(emulator_contract, a_project_account_lives_in_its_project) {
  bench console;
  const auto made = console.create("ci", in_project("prj-storefront"));
  EXPECT_EQ(made.at("project_id"), "prj-storefront");
  const std::string path = "/serviceaccount/" + made.at("id").get<std::string>();
  EXPECT_EQ(console.get(path, in_project("prj-storefront")).status, 200);
  EXPECT_EQ(console.get(path).status, 400);
  EXPECT_EQ(console.get(path, in_project("prj-billing")).status, 404);
}

TEST(emulator_contract, a_change_is_partial) {
  bench console;
  const auto made = console.create("ci");
  const std::string path = "/serviceaccount/" + made.at("id").get<std::string>();
  const auto changed = console.put(path, {{"roles", {"rudder.app.viewer"}}});
  ASSERT_EQ(changed.status, 200) << changed.error();
  EXPECT_EQ(changed.body.at("data").at("roles"), json::array({"rudder.app.viewer"}));
  EXPECT_EQ(console.put(path, {{"description", "new"}}).body.at("data").at("roles").size(), 1U);
  EXPECT_EQ(console.get(path).body.at("data").at("description"), "new");
}

TEST(emulator_contract, a_deleted_account_is_gone) {
  bench console;
  const std::string path = "/serviceaccount/" + console.create("ci").at("id").get<std::string>();
  EXPECT_EQ(console.remove(path).status, 200);
  EXPECT_EQ(console.remove(path).status, 404);
  EXPECT_EQ(console.get(path).status, 404);
  EXPECT_EQ(console.put(path + "/token/renew", {{"expired_in", nullptr}}).status, 404);
}

}  // namespace
}  // namespace platformer::emulator
