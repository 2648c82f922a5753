// Listings that lag behind what reading one account shows.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

using std::chrono::seconds;
using names = std::vector<std::string>;

constexpr duration lag = seconds(10);

names listed(const console_model& console, time_point now) {
  names shown;
  const auto page = console.list(as_admin(now), 1, 100);
  for (const auto& view : page->accounts)
    shown.push_back(view.data.name);
  return shown;
}

console_model lagging_console() {
  auto console = make_console();
  console.set_list_lag(lag);
  return console;
}

TEST(console_model_lag, listings_are_exact_by_default) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  EXPECT_EQ(listed(console, start), names{"ci"});
}

TEST(console_model_lag, a_new_account_is_listed_later_and_read_at_once) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  EXPECT_EQ(listed(console, start), names{});
  EXPECT_EQ(listed(console, start + lag - duration(1)), names{});
  EXPECT_EQ(status_of(console.get(as_admin(), "id-1")), 200);
  EXPECT_EQ(listed(console, start + lag), names{"ci"});
}

TEST(console_model_lag, totals_are_as_old_as_the_accounts) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  EXPECT_EQ(console.list(as_admin(), 1, 100)->total, 0U);
  EXPECT_EQ(console.list(as_admin(start + lag), 1, 100)->total, 1U);
}

TEST(console_model_lag, a_removed_account_is_listed_for_a_while) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  const auto later = start + seconds(60);
  ASSERT_TRUE(console.remove(as_admin(later), "id-1"));
  EXPECT_EQ(listed(console, later), names{"ci"});
  EXPECT_EQ(status_of(console.get(as_admin(later), "id-1")), 404);
  EXPECT_EQ(listed(console, later + lag), names{});
}

TEST(console_model_lag, a_short_life_is_listed_after_its_end) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  ASSERT_TRUE(console.remove(as_admin(start + seconds(2)), "id-1"));
  EXPECT_EQ(listed(console, start + seconds(9)), names{});
  EXPECT_EQ(listed(console, start + seconds(11)), names{"ci"});
  EXPECT_EQ(listed(console, start + seconds(12)), names{});
}

TEST(console_model_lag, a_changed_account_is_listed_as_it_was_one_change_after_the_other) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("one")));
  const auto second = start + seconds(60);
  const auto third = start + seconds(64);
  ASSERT_TRUE(console.edit_by_hand("id-1", named("two"), second));
  ASSERT_TRUE(console.edit_by_hand("id-1", named("three"), third));
  EXPECT_EQ(listed(console, third), names{"one"});
  EXPECT_EQ(listed(console, second + lag), names{"two"});
  EXPECT_EQ(listed(console, third + lag), names{"three"});
}

TEST(console_model_lag, order_and_other_accounts_stay) {
  auto console = lagging_console();
  for (const char* name : {"a", "b", "c"})
    ASSERT_TRUE(console.create(as_admin(), named(name)));
  const auto later = start + seconds(60);
  ASSERT_TRUE(console.remove_by_hand(console.accounts()[1]->data.id, later));
  ASSERT_TRUE(console.create(as_admin(later), named("d")));
  EXPECT_EQ(listed(console, later), (names{"a", "b", "c"}));
  EXPECT_EQ(listed(console, later + lag), (names{"a", "c", "d"}));
}

TEST(console_model_lag, it_counts_from_when_it_is_set_and_ends_at_once) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("before")));
  console.set_list_lag(lag);
  ASSERT_TRUE(console.create(as_admin(), named("after")));
  EXPECT_EQ(listed(console, start), names{"before"});
  console.set_list_lag(duration::zero());
  EXPECT_EQ(listed(console, start), (names{"before", "after"}));
}

TEST(console_model_lag, tokens_are_live_and_dead_at_once) {
  auto console = lagging_console();
  const auto first = console.create(as_admin(), named("ci"));
  EXPECT_TRUE(console.validate_token(first->token->reveal(), start));
  ASSERT_TRUE(console.renew(as_admin(), "id-1", std::nullopt));
  EXPECT_FALSE(console.validate_token(first->token->reveal(), start));
}

TEST(console_model_lag, what_is_restored_or_forgotten_is_shown_at_once) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  const stored_account saved = *console.find("id-1");
  console.forget("id-1");
  EXPECT_EQ(listed(console, start), names{});
  EXPECT_EQ(console.account_count(), 0U);
  console.restore(saved);
  EXPECT_EQ(listed(console, start), names{"ci"});
}

TEST(console_model_lag, a_copy_lags_by_itself) {
  auto console = lagging_console();
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  auto copy = console;
  copy.set_list_lag(duration::zero());
  EXPECT_EQ(listed(console, start), names{});
  EXPECT_EQ(listed(copy, start), names{"ci"});
}

}  // namespace
}  // namespace platformer::models
