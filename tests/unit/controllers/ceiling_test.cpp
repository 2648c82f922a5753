// What a connection does not allow is neither minted nor changed, and a ceiling that is lowered later deletes
// nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using testing::HasSubstr;

// The reason after one reconcile in which nothing but the status was written.
std::string refusal(world& w) {
  const std::string asked = play(w);
  EXPECT_TRUE(asked == "patch_status" || asked == "resolve_names, patch_status") << asked;
  EXPECT_NE(w.condition_of("Stalled"), nullptr);
  return w.reason();
}

TEST(a_ceiling, on_permissions_is_held_against_the_spec_before_anything_is_done) {
  world w = a_new_object();
  w.connection.allowed.permissions = {"rudder.app.view*"};
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.reason(), "Issued");
  world beyond = a_new_object();
  beyond.connection.allowed.permissions = {"rudder.cluster.*"};
  EXPECT_EQ(refusal(beyond), "NotPermitted");
  EXPECT_THAT(beyond.condition_of("Ready")->message, HasSubstr("rudder.app.viewer"));
  EXPECT_THAT(beyond.condition_of("Ready")->message, HasSubstr("spec.allowed.permissions"));
}

TEST(a_ceiling, that_is_lowered_later_changes_and_deletes_nothing_but_says_so) {
  world w = a_new_object();
  settle(w);
  const auto accounts = w.accounts.size();
  w.connection.allowed.permissions = {"none.at.all"};
  EXPECT_EQ(refusal(w), "NotPermitted");
  EXPECT_TRUE(w.token_is_live("ci-bot-token"));
  EXPECT_EQ(w.accounts.size(), accounts);
  w.annotate("console.platformer.com/renew", "1");
  EXPECT_EQ(settle(w), 0) << "nor is a request honoured";
}

TEST(a_ceiling, does_not_keep_an_object_from_being_let_go_of) {
  world w = a_new_object();
  settle(w);
  w.connection.allowed.permissions = {"none.at.all"};
  w.connection.admits = false;
  w.delete_object();
  EXPECT_THAT(play(w), HasSubstr("delete_account"));
}

TEST(a_ceiling, on_custom_roles_takes_names_or_ids_and_what_they_carry) {
  world w = a_new_object();
  w.object.spec.own.custom_roles = {"deployers"};
  w.names.roles = {"rudder.app.viewer", "role-1"};
  w.names.named_roles = {{"role-1", "deployers"}};
  w.names.role_permissions = {"rudder.app.delete"};
  w.connection.allowed.custom_roles = {"role-2"};
  EXPECT_EQ(refusal(w), "NotPermitted");
  w.connection.allowed.custom_roles = {"role-1"};
  w.connection.allowed.permissions = {"rudder.app.viewer"};
  EXPECT_EQ(refusal(w), "NotPermitted");
  EXPECT_THAT(w.condition_of("Ready")->message, HasSubstr("rudder.app.delete"));
  w.connection.allowed.permissions = {"rudder.app.*"};
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(w.reason(), "Issued");
}

TEST(a_ceiling, on_custom_roles_is_not_passed_by_naming_a_roles_id_as_a_permission) {
  world w = a_new_object();
  w.object.spec.own.permissions = {"role-1"};
  w.connection.allowed.custom_roles = {"deployers"};
  EXPECT_EQ(refusal(w), "NotPermitted");
}

TEST(a_ceiling, on_projects_takes_names_or_ids) {
  world w = a_new_object();
  w.object.spec.project = "storefront";
  w.names.project_id = "p-1";
  w.names.roles = {"rudder.app.viewer"};
  w.names.named_projects = {{"p-1", "storefront"}};
  w.connection.allowed.projects = {"store*"};
  EXPECT_EQ(settle(w), 1);
  w.connection.allowed.projects = {"p-1"};
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.reason(), "Issued");
  w.connection.allowed.projects = {"billing"};
  EXPECT_EQ(refusal(w), "NotPermitted");
}

TEST(a_ceiling, on_projects_forbids_access_at_organization_level_which_reaches_all) {
  world w = a_new_object();
  w.connection.allowed.projects = {"storefront"};
  EXPECT_EQ(refusal(w), "NotPermitted");
  w.connection.allowed.projects = {"*"};
  EXPECT_EQ(settle(w), 1);
}

TEST(a_connection, that_does_not_admit_the_namespace_is_not_used) {
  world w = a_new_object();
  w.connection.admits = false;
  EXPECT_EQ(refusal(w), "NotPermitted");
  EXPECT_THAT(w.condition_of("Ready")->message, HasSubstr("spec.allowedNamespaces"));
}

TEST(a_connection, that_is_suspended_is_not_called_and_an_object_at_rest_stays_ready) {
  world w = a_new_object();
  w.connection.state = connection_view::standing::not_ready;
  w.connection.suspended = true;
  settle(w);
  EXPECT_EQ(w.reason(), "Suspended");
  w.connection.state = connection_view::standing::ready;
  w.connection.suspended = false;
  settle(w);
  w.connection.state = connection_view::standing::not_ready;
  w.connection.suspended = true;
  EXPECT_EQ(play(w), "");
  EXPECT_EQ(w.reason(), "Issued");
}

}  // namespace
}  // namespace platformer::accounts::test
