// Organization level and project level: where an account lives, and which header reaches it.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

TEST(console_model_scope, the_project_header_decides_where_an_account_lives) {
  auto console = make_console();
  EXPECT_EQ(console.create(as_admin(), named("a"))->view.data.project_id, "");
  EXPECT_EQ(console.create(in_project("shop"), named("b"))->view.data.project_id, "shop");
}

TEST(console_model_scope, a_project_account_is_reached_with_its_project_header_only) {
  auto console = make_console();
  const auto id = console.create(in_project("shop"), named("ci"))->view.data.id;
  EXPECT_EQ(status_of(console.get(in_project("shop"), id)), 200);
  EXPECT_EQ(status_of(console.get(as_admin(), id)), 400);
  EXPECT_EQ(status_of(console.get(in_project("billing"), id)), 404);
  EXPECT_EQ(status_of(console.renew(as_admin(), id, std::nullopt)), 400);
  EXPECT_EQ(status_of(console.remove(in_project("billing"), id)), 404);
  EXPECT_EQ(status_of(console.remove(in_project("shop"), id)), 200);
}

TEST(console_model_scope, an_organization_account_is_not_in_a_project) {
  auto console = make_console();
  const auto id = console.create(as_admin(), named("ci"))->view.data.id;
  EXPECT_EQ(status_of(console.get(in_project("shop"), id)), 404);
}

TEST(console_model_scope, an_unknown_project_header_is_400) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.create(in_project("moon"), named("ci"))), 400);
  EXPECT_EQ(status_of(console.list(in_project("moon"), 1, 10)), 400);
}

TEST(console_model_scope, an_account_of_another_organization_is_404) {
  auto console = make_console();
  const auto id = console.create(as_admin(), named("ci"))->view.data.id;
  const console_call stranger{
      .token = stranger_token, .organization_id = "other", .project_id = {}, .now = start};
  EXPECT_EQ(status_of(console.get(stranger, id)), 404);
  EXPECT_EQ(status_of(console.remove(stranger, id)), 404);
  EXPECT_EQ(status_of(console.get(as_admin(), "id-99")), 404);
}

TEST(console_model_scope, projects_and_roles_are_listed_by_scope) {
  auto console = make_console();
  EXPECT_EQ(console.list_projects(as_admin(), "acme")->size(), 2U);
  EXPECT_EQ(console.list_organization_roles(as_admin(), "acme")->size(), 2U);
  EXPECT_EQ(console.list_project_roles(in_project("shop"), "acme", "shop")->front().id, "role-release");
  EXPECT_EQ(status_of(console.list_project_roles(in_project("shop"), "acme", "moon")), 404);
  EXPECT_EQ(status_of(console.list_project_roles(as_admin(), "acme", "shop")), 400);
  EXPECT_EQ(status_of(console.list_project_roles(in_project("billing"), "acme", "shop")), 400);
}

TEST(console_model_scope, access_to_projects_is_for_organization_accounts) {
  auto console = make_console();
  account_fields fields = named("ci");
  fields.projects.emplace()["shop"] = {"rudder.app.viewer", "role-release"};
  (*fields.projects)["billing"] = {"rudder.app.editor"};
  const auto issued = console.create(as_admin(), fields);
  ASSERT_TRUE(issued);
  EXPECT_EQ(issued->view.data.projects, *fields.projects);
  EXPECT_EQ(status_of(console.create(in_project("shop"), fields)), 400);
}

}  // namespace
}  // namespace platformer::models
