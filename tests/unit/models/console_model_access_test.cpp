// Who may call what: 401 for a token that is not live, 403 for one that may not.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

console_call with(std::string_view token, std::string_view organization = "acme",
                  std::string_view project = {}) {
  return {.token = token, .organization_id = organization, .project_id = project, .now = start};
}

account_fields account_with_role(std::string role) {
  account_fields fields = named("caller");
  fields.roles = string_set{std::move(role)};
  return fields;
}

TEST(console_model_access, an_unknown_or_missing_token_is_401) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.list(with("nobody"), 1, 10)), 401);
  EXPECT_EQ(status_of(console.list(with(""), 1, 10)), 401);
  EXPECT_EQ(status_of(console.list_organizations(with("nobody"))), 401);
}

TEST(console_model_access, an_expired_credential_is_401) {
  auto console = make_console();
  console.add_credential({.name = "short",
                          .organization_id = "acme",
                          .roles = {"organization.admin"},
                          .digest = plain_digest("short"),
                          .expires_at = start});
  EXPECT_EQ(status_of(console.list(with("short"), 1, 10)), 401);
}

TEST(console_model_access, a_removed_credential_is_401) {
  auto console = make_console();
  EXPECT_TRUE(console.remove_credential(admin_token));
  EXPECT_EQ(status_of(console.list(as_admin(), 1, 10)), 401);
  EXPECT_FALSE(console.remove_credential(admin_token));
}

TEST(console_model_access, the_organization_header_is_required_and_must_be_the_credentials_own) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.list(with(admin_token, ""), 1, 10)), 400);
  EXPECT_EQ(status_of(console.list(with(admin_token, "other"), 1, 10)), 403);
  EXPECT_EQ(status_of(console.list_projects(with(admin_token), "other")), 403);
  EXPECT_EQ(status_of(console.create(with(stranger_token), named("ci"))), 403);
}

TEST(console_model_access, a_viewer_reads_and_changes_nothing) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  const auto call = with(viewer_token);
  EXPECT_EQ(status_of(console.list(call, 1, 10)), 200);
  EXPECT_EQ(status_of(console.get(call, "id-1")), 200);
  EXPECT_EQ(status_of(console.create(call, named("x"))), 403);
  EXPECT_EQ(status_of(console.update(call, "id-1", named("x"))), 403);
  EXPECT_EQ(status_of(console.renew(call, "id-1", std::nullopt)), 403);
  EXPECT_EQ(status_of(console.remove(call, "id-1")), 403);
}

TEST(console_model_access, an_accounts_token_calls_with_what_its_roles_allow) {
  auto console = make_console();
  const auto plain = console.create(as_admin(), account_with_role("rudder.app.viewer"));
  EXPECT_EQ(status_of(console.list(with(text_of(*plain)), 1, 10)), 403);
  const auto manager = console.create(as_admin(), account_with_role("organization.iam"));
  EXPECT_EQ(status_of(console.create(with(text_of(*manager)), named("made"))), 200);
  const auto by_custom_role = console.create(as_admin(), account_with_role("role-iam"));
  EXPECT_EQ(status_of(console.create(with(text_of(*by_custom_role)), named("made too"))), 200);
}

TEST(console_model_access, a_project_accounts_token_acts_in_its_project_only) {
  auto console = make_console();
  const auto issued = console.create(in_project("shop"), account_with_role("project.operator.admin"));
  const std::string token = text_of(*issued);
  EXPECT_EQ(status_of(console.create(with(token, "acme", "shop"), named("inside"))), 200);
  EXPECT_EQ(status_of(console.create(with(token, "acme", "billing"), named("outside"))), 403);
  EXPECT_EQ(status_of(console.create(with(token), named("above"))), 403);
}

TEST(console_model_access, anyone_lists_just_the_own_organization) {
  auto console = make_console();
  const auto own = console.list_organizations(with(stranger_token, ""));
  ASSERT_TRUE(own);
  ASSERT_EQ(own->size(), 1U);
  EXPECT_EQ(own->front().id, "other");
}

TEST(console_model_access, a_refusal_reads_as_the_clients_error) {
  EXPECT_EQ(to_api_error({401, "no"}).code, api_errc::unauthorized);
  EXPECT_EQ(to_api_error({403, "no"}).code, api_errc::forbidden);
  EXPECT_EQ(to_api_error({404, "no"}).code, api_errc::not_found);
  EXPECT_EQ(to_api_error({409, "no"}).code, api_errc::already_exists);
  EXPECT_EQ(to_api_error({409, "no"}, false).code, api_errc::conflict);
  EXPECT_EQ(to_api_error({408, "no"}).code, api_errc::unreachable);
  EXPECT_EQ(to_api_error({410, "no"}).code, api_errc::not_found);
  EXPECT_EQ(to_api_error({400, "no"}).code, api_errc::bad_request);
  EXPECT_EQ(to_api_error({500, "no"}).code, api_errc::server_error);
}

}  // namespace
}  // namespace platformer::models
