// What the Console refuses with 400 or 409, and that a refusal changes nothing.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

account_fields with_roles(string_set roles) {
  account_fields fields = named("ci");
  fields.roles = std::move(roles);
  return fields;
}

TEST(console_model_strictness, permission_codes_pass_by_their_shape) {
  auto console = make_console();
  for (const char* code : {"rudder.app.editor", "organization.billling.editor", "brand-new.thing_2.use"})
    EXPECT_EQ(status_of(console.create(as_admin(), with_roles({code}))), 200) << code;
  for (const char* code : {"rudder", "rudder.", ".app", "rudder..app", "rudder.app editor", "", "rudder.äpp"})
    EXPECT_EQ(status_of(console.create(as_admin(), with_roles({code}))), 400) << code;
}

TEST(console_model_strictness, custom_roles_are_known_by_id_at_their_level_and_below) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.create(as_admin(), with_roles({"role-deploy"}))), 200);
  EXPECT_EQ(status_of(console.create(in_project("shop"), with_roles({"role-deploy", "role-release"}))), 200);
  EXPECT_EQ(status_of(console.create(as_admin(), with_roles({"role-release"}))), 400);
  EXPECT_EQ(status_of(console.create(in_project("billing"), with_roles({"role-release"}))), 400);
  EXPECT_EQ(status_of(console.create(as_admin(), with_roles({"deployers"}))), 400) << "a name is no ID";
}

TEST(console_model_strictness, unknown_projects_and_their_unknown_roles_are_400) {
  auto console = make_console();
  account_fields fields = named("ci");
  fields.projects.emplace()["moon"] = {};
  EXPECT_EQ(status_of(console.create(as_admin(), fields)), 400);
  fields.projects.emplace()["billing"] = {"role-release"};
  EXPECT_EQ(status_of(console.create(as_admin(), fields)), 400);
}

TEST(console_model_strictness, a_name_has_1_to_128_characters_without_control_characters) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.create(as_admin(), account_fields{})), 400);
  EXPECT_EQ(status_of(console.create(as_admin(), named(""))), 400);
  EXPECT_EQ(status_of(console.create(as_admin(), named("a\nb"))), 400);
  EXPECT_EQ(status_of(console.create(as_admin(), named(std::string(129, 'a')))), 400);
  EXPECT_EQ(status_of(console.create(as_admin(), named(std::string(128, 'a')))), 200);
  std::string umlauts;
  for (int i = 0; i < 128; ++i)
    umlauts += "ä";
  EXPECT_EQ(status_of(console.create(as_admin(), named(umlauts))), 200)
      << "characters are counted, not bytes";
}

TEST(console_model_strictness, a_description_is_limited) {
  auto console = make_console();
  account_fields fields = named("ci");
  fields.description = std::string(description_max_characters + 1, 'x');
  EXPECT_EQ(status_of(console.create(as_admin(), fields)), 400);
  fields.description->pop_back();
  EXPECT_EQ(status_of(console.create(as_admin(), fields)), 200);
}

TEST(console_model_strictness, a_change_is_partial_and_never_renames) {
  auto console = make_console();
  account_fields fields = with_roles({"rudder.app.viewer"});
  fields.description = "before";
  ASSERT_TRUE(console.create(as_admin(), fields));
  account_fields change;
  change.description = "after";
  const auto changed = console.update(as_admin(), "id-1", change);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->data.description, "after");
  EXPECT_EQ(changed->data.roles, *fields.roles);
  EXPECT_TRUE(changed->active);
  EXPECT_EQ(status_of(console.update(as_admin(), "id-1", named("other"))), 400);
}

TEST(console_model_strictness, a_change_of_nothing_is_refused) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  EXPECT_EQ(status_of(console.update(as_admin(), "id-1", {})), 400);
}

TEST(console_model_strictness, a_refused_change_changes_nothing) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  account_fields change = with_roles({"nonsense"});
  change.name.reset();
  change.description = "half";
  EXPECT_EQ(status_of(console.update(as_admin(), "id-1", change)), 400);
  EXPECT_EQ(console.get(as_admin(), "id-1")->data.description, "");
}

TEST(console_model_strictness, duplicate_names_are_allowed_or_refused_at_one_level) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.create(as_admin(), named("ci"))), 200);
  EXPECT_EQ(status_of(console.create(as_admin(), named("ci"))), 200);
  console.set_duplicate_names(duplicate_names::refuse);
  EXPECT_EQ(status_of(console.create(as_admin(), named("ci"))), 409);
  EXPECT_EQ(status_of(console.create(in_project("shop"), named("ci"))), 200) << "another level";
  EXPECT_EQ(status_of(console.create(in_project("shop"), named("ci"))), 409);
  EXPECT_EQ(console.accounts().size(), 3U);
}

}  // namespace
}  // namespace platformer::models
