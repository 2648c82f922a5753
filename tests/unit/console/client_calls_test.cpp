// Every operation: exactly what goes out, and what comes of the reply that openapi.yaml describes. Each
// exchange is recorded for openapi_check.py.
#include <gmock/gmock.h>

#include "net/digest.hpp"
#include "tests/unit/console/client_fixture.hpp"

namespace platformer::console {
namespace {

using ::testing::ElementsAre;

const time_point new_year = *parse_rfc3339("2027-01-01T00:00:00Z");

std::string account_json(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id +
         R"(","name":"bot","description":"d","organization_id":"acme","project_id":null,)" +
         R"("roles":["r1"],"projects":[],"expired_in":null,"created_date":{"_seconds":1,"_nanoseconds":0},)" +
         R"("token_created_date":"2026-01-01T00:00:00Z","status":"active")" + more + "}";
}

std::string success(const std::string& data, const std::string& more = "") {
  return json_reply(200, R"({"success":true,"data":)" + data + more + "}");
}

std::string refused(int status) {
  return json_reply(status, R"({"errors":{"message":{"error":"no"}}})");
}

TEST(ConsoleClient, ValidatesATokenWithThatTokenAndNothingElse) {
  scripted_console console({success("{}"), refused(401), refused(403)});
  EXPECT_TRUE(*console.run(console.client().validate_token(token_of("issued-token"))));
  EXPECT_EQ(console.line(), "PUT /auth/api/v1/user/logintime");
  EXPECT_EQ(console.header("Authorization"), "issued-token");
  EXPECT_EQ(console.header("x-organization-id"), "<absent>");
  EXPECT_EQ(console.header("x-project-id"), "<absent>");
  EXPECT_EQ(console.body(), "");
  EXPECT_FALSE(*console.run(console.client().validate_token(token_of("issued-token"))));
  EXPECT_FALSE(*console.run(console.client().validate_token(token_of("issued-token"))));
  for (std::size_t i = 0; i < 3; ++i)
    console.record("validateToken", i);
}

TEST(ConsoleClient, ListsOrganizationsWithoutScope) {
  scripted_console console({success(R"([{"organization_id":"o1","name":"acme"}])")});
  EXPECT_THAT(*console.run(console.client().list_organizations()), ElementsAre(organization{"o1", "acme"}));
  EXPECT_EQ(console.line(), "GET /auth/api/v1/organization/list");
  EXPECT_EQ(console.header("Authorization"), "operator-credential");
  EXPECT_EQ(console.header("Accept"), "application/json");
  EXPECT_EQ(console.header("x-organization-id"), "<absent>");
  console.record("listOrganizations");
}

TEST(ConsoleClient, ListsProjectsOfTheOrganization) {
  scripted_console console({success(R"([{"project_id":"p1","name":"shop","description":"x"}])")});
  EXPECT_THAT(*console.run(console.client().list_projects()), ElementsAre(project{"p1", "shop"}));
  EXPECT_EQ(console.line(), "GET /auth/api/v1/organization/project/view/list/acme");
  EXPECT_EQ(console.header("x-organization-id"), "acme");
  EXPECT_EQ(console.header("x-project-id"), "<absent>");
  console.record("listProjects");
}

TEST(ConsoleClient, ListsRolesAtEitherLevel) {
  const std::string reply =
      success(R"([{"id":"r1","name":"deployers","permissions":["rudder.app.viewer"]}])");
  scripted_console console({reply, reply});
  EXPECT_THAT(*console.run(console.client().list_roles("")),
              ElementsAre(role{"r1", "deployers", {"rudder.app.viewer"}}));
  EXPECT_EQ(console.line(0), "GET /auth/api/v1/customroles/organization/list/acme");
  EXPECT_EQ(console.run(console.client().list_roles("p1"))->size(), 1U);
  EXPECT_EQ(console.line(1), "GET /auth/api/v1/customroles/project/list/acme/p1");
  EXPECT_EQ(console.header("x-project-id", 1), "p1");
  console.record("listOrganizationRoles", 0);
  console.record("listProjectRoles", 1);
}

TEST(ConsoleClient, CreatesAnOrganizationLevelAccountWithItsToken) {
  scripted_console console({success(account_json("a1", R"(,"token":"fresh-token")"))});
  account_fields fields;
  fields.name = "bot";
  fields.description = "d";
  fields.roles = string_set{"r1"};
  fields.projects.emplace();
  (*fields.projects)["p1"] = {"b"};
  const auto made = console.run(console.client().create_account(fields, ""));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->account_id, "a1");
  EXPECT_EQ(made->token->reveal(), "fresh-token");
  EXPECT_EQ(made->fingerprint, net::fingerprint("fresh-token"));
  EXPECT_EQ(made->expires_at, std::nullopt);
  EXPECT_EQ(console.line(), "POST /auth/api/v1/serviceaccount/token/create");
  EXPECT_EQ(console.header("Content-Type"), "application/json");
  EXPECT_EQ(console.header("x-organization-id"), "acme");
  EXPECT_EQ(console.header("x-project-id"), "<absent>");
  EXPECT_EQ(console.body(), R"({"description":"d","expired_in":null,"name":"bot",)"
                            R"("projects":[{"project_id":"p1","roles":["b"]}],"roles":["r1"]})");
  console.record("createServiceAccount");
}

TEST(ConsoleClient, AMinimalMintReplyKeepsTheExpiryThatWasAskedFor) {
  scripted_console console({success(R"({"id":"a1","token":"fresh-token"})")});
  account_fields fields;
  fields.name = "bot";
  fields.expires_at.emplace(new_year);
  const auto made = console.run(console.client().create_account(fields, "p1"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->expires_at, new_year);
  EXPECT_EQ(console.header("x-project-id"), "p1");
  console.record("createServiceAccount");
}

TEST(ConsoleClient, RenewsATokenAndReportsTheExpiryThatWasGranted) {
  scripted_console console({success(
      R"({"id":"a1","token":"fresh-token","expired_in":{"_seconds":1798761600,"_nanoseconds":0}})")});
  const auto made = console.run(console.client().renew_token("a1", new_year + std::chrono::hours(1), "p1"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->expires_at, new_year);
  EXPECT_EQ(made->token->reveal(), "fresh-token");
  EXPECT_EQ(console.line(), "PUT /auth/api/v1/serviceaccount/a1/token/renew");
  EXPECT_EQ(console.header("x-project-id"), "p1");
  EXPECT_EQ(console.body(), R"({"expired_in":"2027-01-01T01:00:00Z"})");
  console.record("renewServiceAccountToken");
}

TEST(ConsoleClient, ListsAccountsPageByPage) {
  scripted_console console(
      {success("[" + account_json("a1") + "]", R"(,"meta":{"page":1,"pages":2,"total":2})"),
       success("[" + account_json("a2") + "]", R"(,"meta":{"page":2,"pages":2,"total":2})")});
  const auto all = console.run(console.client().list_accounts("p1"));
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_TRUE(all->complete);
  ASSERT_EQ(all->accounts.size(), 2U);
  EXPECT_EQ(all->accounts[1].id, "a2");
  EXPECT_EQ(console.line(0), "GET /auth/api/v1/serviceaccount/list?page=1&limit=100");
  EXPECT_EQ(console.line(1), "GET /auth/api/v1/serviceaccount/list?page=2&limit=100");
  EXPECT_EQ(console.header("x-project-id", 1), "p1");
  console.record("listServiceAccounts", 0);
  console.record("listServiceAccounts", 1);
}

TEST(ConsoleClient, ReadsAnAccountOrLearnsThatItIsGone) {
  scripted_console console({success(account_json("a1")), refused(404)});
  const auto found = console.run(console.client().get_account("a1", ""));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->name, "bot");
  EXPECT_EQ(console.line(), "GET /auth/api/v1/serviceaccount/a1");
  const auto gone = console.run(console.client().get_account("a1", ""));
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_FALSE(*gone);
  console.record("getServiceAccount", 0);
  console.record("getServiceAccount", 1);
}

TEST(ConsoleClient, ChangesOnlyWhatIsGiven) {
  scripted_console console({success(account_json("a1"))});
  account_fields fields;
  fields.roles = string_set{"r2"};
  EXPECT_TRUE(console.run(console.client().update_account("a1", fields, "")));
  EXPECT_EQ(console.line(), "PUT /auth/api/v1/serviceaccount/a1");
  EXPECT_EQ(console.body(), R"({"roles":["r2"]})");
  console.record("updateServiceAccount");
}

TEST(ConsoleClient, DeletesAnAccountOrLearnsThatItIsGone) {
  scripted_console console({json_reply(200, R"({"success":true})"), refused(404)});
  EXPECT_TRUE(*console.run(console.client().delete_account("a1", "p1")));
  EXPECT_EQ(console.line(), "DELETE /auth/api/v1/serviceaccount/a1");
  EXPECT_EQ(console.header("x-project-id"), "p1");
  EXPECT_EQ(console.body(), "");
  EXPECT_FALSE(*console.run(console.client().delete_account("a1", "p1")));
  console.record("deleteServiceAccount", 0);
  console.record("deleteServiceAccount", 1);
}

TEST(ConsoleClient, RoutesAndPrefixOfTheConnectionAreUsed) {
  console_settings settings;
  settings.at.prefix = "/eu";
  settings.routes = *route_table::make({{"getServiceAccount", {"POST", "/auth/v9/{organization}/{id}"}}});
  scripted_console console({success(account_json("a@1"))}, settings);
  EXPECT_TRUE(console.run(console.client().get_account("a@1", "")));
  EXPECT_EQ(console.line(), "POST /eu/auth/v9/acme/a%401");
}

}  // namespace
}  // namespace platformer::console
