// What a person does at the Console by hand, and putting a saved state back.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

using std::chrono::hours;

TEST(console_model_hand, a_person_deletes_an_account) {
  auto console = make_console();
  const auto issued = console.create(in_project("shop"), named("ci"));
  EXPECT_TRUE(console.remove_by_hand("id-1", start));
  EXPECT_EQ(status_of(console.remove_by_hand("id-1", start)), 404);
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

TEST(console_model_hand, a_person_creates_an_account_like_any_other) {
  auto console = make_console();
  console.set_duplicate_names(duplicate_names::refuse);
  const auto made = console.create_by_hand("acme", "shop", named("ci"), start);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->view.data.project_id, "shop");
  EXPECT_TRUE(console.validate_token(made->token->reveal(), start));
  EXPECT_EQ(status_of(console.create_by_hand("acme", "shop", named("ci"), start)), 409);
  EXPECT_EQ(status_of(console.create_by_hand("acme", "moon", named("ci"), start)), 400);
  EXPECT_EQ(status_of(console.create_by_hand("nowhere", "", named("ci"), start)), 400);
  EXPECT_EQ(status_of(console.create_by_hand("acme", "", named(""), start)), 400);
}

TEST(console_model_hand, a_revoked_token_is_dead_for_good_and_the_account_stays) {
  auto console = make_console();
  const auto issued = console.create(as_admin(), expiring("ci", start + hours(1)));
  const auto revoked = console.revoke_by_hand("id-1", start);
  ASSERT_TRUE(revoked);
  EXPECT_FALSE(revoked->active);
  EXPECT_EQ(revoked->data, issued->view.data);
  EXPECT_EQ(status_of(console.validate_token(issued->token->reveal(), start)), 401);
  account_fields later;
  later.expires_at = start + hours(9);
  ASSERT_TRUE(console.update(as_admin(), "id-1", later));
  EXPECT_EQ(status_of(console.validate_token(issued->token->reveal(), start)), 401);
  EXPECT_EQ(console.find_by_token(issued->token->reveal(), start), nullptr);
}

TEST(console_model_hand, a_revoked_account_is_renewed_revoked_again_and_removed) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  ASSERT_TRUE(console.revoke_by_hand("id-1", start));
  EXPECT_TRUE(console.revoke_by_hand("id-1", start));
  const auto renewed = console.renew(as_admin(), "id-1", std::nullopt);
  ASSERT_TRUE(renewed);
  EXPECT_TRUE(console.validate_token(renewed->token->reveal(), start));
  ASSERT_TRUE(console.revoke_by_hand("id-1", start));
  EXPECT_TRUE(console.remove(as_admin(), "id-1"));
  EXPECT_EQ(status_of(console.revoke_by_hand("id-1", start)), 404);
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
