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
