// What a person does at the Console by hand, and putting a saved state back.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

using std::chrono::hours;

TEST(console_model_hand, a_person_deletes_an_account) {
  auto console = make_console();
  const auto issued = console.create(in_project("shop"), named("ci"));
  EXPECT_TRUE(console.remove_by_hand("id-1"));
  EXPECT_EQ(status_of(console.remove_by_hand("id-1")), 404);
  EXPECT_EQ(status_of(console.validate_token(issued->token->reveal(), start)), 401);
}

TEST(console_model_hand, a_person_renews_and_the_operators_token_dies) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), named("ci"));
  const auto by_hand = console.renew_by_hand("id-1", start + hours(1));
  ASSERT_TRUE(by_hand);
  EXPECT_EQ(status_of(console.validate_token(issued->token->reveal(), start)), 401);
  EXPECT_TRUE(console.validate_token(by_hand->token->reveal(), start));
  EXPECT_EQ(by_hand->view.token_created_at, start + hours(1));
}

TEST(console_model_hand, a_person_edits_everything_and_the_token_stays) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), named("ci"));
  account_fields edit = named("renamed");
  edit.description = "by hand";
  edit.roles = string_set{"rudder.app.admin"};
  const auto edited = console.edit_by_hand("id-1", edit, start);
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->data.name, "renamed");
  EXPECT_EQ(edited->data.description, "by hand");
  EXPECT_TRUE(console.validate_token(issued->token->reveal(), start));
  EXPECT_EQ(status_of(console.edit_by_hand("id-9", edit, start)), 404);
}

TEST(console_model_hand, a_rename_to_the_own_name_is_no_duplicate) {
  auto console = make_console();
  console.set_duplicate_names(duplicate_names::refuse);
  ASSERT_TRUE(console.create(as_admin(), named("a")));
  const auto second = console.create(as_admin(), named("b"))->view.data.id;
  EXPECT_EQ(status_of(console.edit_by_hand(second, named("b"), start)), 200);
  EXPECT_EQ(status_of(console.edit_by_hand(second, named("a"), start)), 409);
}

TEST(console_model_hand, a_restored_account_is_as_it_was) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), expiring("ci", start + hours(1)));
  auto later = make_console();
  later.restore(*console.find("id-1"));
  later.restore_last_serial(console.last_serial());
  EXPECT_EQ(later.get(as_admin(), "id-1")->data, issued->view.data);
  EXPECT_TRUE(later.validate_token(issued->token->reveal(), start));
  EXPECT_EQ(later.create(as_admin(), named("next"))->view.data.id, "id-3") << "serials go on";
}

TEST(console_model_hand, restoring_an_older_state_revives_the_older_token) {
  auto console = make_console();
  const auto first = console.create(as_admin(), named("ci"));
  const stored_account saved = *console.find("id-1");
  const auto second = console.renew(as_admin(), "id-1", std::nullopt);
  console.restore(saved);
  EXPECT_TRUE(console.validate_token(first->token->reveal(), start));
  EXPECT_EQ(status_of(console.validate_token(second->token->reveal(), start)), 401);
  EXPECT_EQ(console.accounts().size(), 1U);
}

}  // namespace
}  // namespace platformer::models
