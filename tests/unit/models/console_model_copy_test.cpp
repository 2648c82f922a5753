// Copies are how the simulation branches: cheap, independent, and deterministic.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

TEST(console_model_copy, a_copy_does_not_see_later_changes) {
  auto console = make_console();
  const auto first = console.create(as_admin(), named("ci"));
  const console_model earlier = console;
  ASSERT_TRUE(console.renew(as_admin(), "id-1", std::nullopt));
  ASSERT_TRUE(console.create(as_admin(), named("second")));
  EXPECT_TRUE(earlier.validate_token(first->token->reveal(), start));
  EXPECT_EQ(earlier.accounts().size(), 1U);
  EXPECT_EQ(console.accounts().size(), 2U);
}

TEST(console_model_copy, two_branches_from_one_state_mint_alike) {
  auto one = make_console();
  auto two = one;
  const auto a = one.create(as_admin(), named("ci"));
  const auto b = two.create(as_admin(), named("ci"));
  EXPECT_EQ(text_of(*a), text_of(*b));
  EXPECT_EQ(a->view.data, b->view.data);
}

TEST(console_model_copy, unchanged_accounts_are_shared_between_copies) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("a")));
  ASSERT_TRUE(console.create(as_admin(), named("b")));
  auto copy = console;
  const auto first = console.accounts().front()->data.id;
  ASSERT_TRUE(copy.remove(as_admin(), first));
  EXPECT_EQ(console.accounts().back().get(), copy.accounts().back().get());
}

TEST(console_model_copy, models_of_a_shared_directory_are_independent) {
  const auto directory = std::make_shared<const console_directory>(two_organizations());
  const auto functions = std::make_shared<const token_functions>(counting_functions());
  console_model one(directory, functions);
  const console_model two(directory, functions);
  ASSERT_TRUE(one.create_by_hand("acme", "", named("ci"), start));
  EXPECT_EQ(&one.directory(), directory.get());
  EXPECT_EQ(one.account_count(), 1U);
  EXPECT_EQ(two.account_count(), 0U);
}

TEST(console_model_copy, credentials_added_to_a_copy_stay_there) {
  const auto console = make_console();
  auto copy = console;
  ASSERT_TRUE(copy.remove_credential(viewer_token));
  EXPECT_EQ(copy.find_credential(viewer_token), nullptr);
  EXPECT_NE(console.find_credential(viewer_token), nullptr);
}

TEST(console_model_copy, accounts_are_visited_in_order_of_creation) {
  auto console = make_console();
  for (const char* name : {"c", "a", "b"})
    ASSERT_TRUE(console.create(as_admin(), named(name)));
  std::string seen;
  console.for_each_account([&](const stored_account& stored) { seen += stored.data.name; });
  EXPECT_EQ(seen, "cab");
}

TEST(console_model_copy, no_id_or_token_is_ever_used_twice) {
  auto console = make_console();
  std::set<std::string> seen;
  for (int round = 0; round < 50; ++round) {
    const auto issued = console.create(as_admin(), named("ci"));
    EXPECT_TRUE(seen.insert(issued->view.data.id).second);
    EXPECT_TRUE(seen.insert(text_of(*issued)).second);
    EXPECT_TRUE(seen.insert(text_of(*console.renew(as_admin(), issued->view.data.id, std::nullopt))).second);
    ASSERT_TRUE(console.remove(as_admin(), issued->view.data.id));
  }
}

}  // namespace
}  // namespace platformer::models
