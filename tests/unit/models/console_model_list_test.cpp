#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

std::vector<std::string> names_of(const answer<account_page>& page) {
  std::vector<std::string> names;
  for (const auto& view : page->accounts)
    names.push_back(view.data.name);
  return names;
}

using names = std::vector<std::string>;

TEST(console_model_list, an_empty_console_has_one_empty_page) {
  const auto page = make_console().list(as_admin(), 1, 20);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->accounts.empty());
  EXPECT_EQ(page->total, 0U);
  EXPECT_EQ(page->pages, 1U);
}

TEST(console_model_list, pages_are_cut_in_order_of_creation) {
  auto console = make_console();
  for (const char* name : {"e", "d", "c", "b", "a"})
    ASSERT_TRUE(console.create(as_admin(), named(name)));
  EXPECT_EQ(names_of(console.list(as_admin(), 1, 2)), (names{"e", "d"}));
  EXPECT_EQ(names_of(console.list(as_admin(), 2, 2)), (names{"c", "b"}));
  const auto last = console.list(as_admin(), 3, 2);
  EXPECT_EQ(names_of(last), (names{"a"}));
  EXPECT_EQ(last->page, 3U);
  EXPECT_EQ(last->pages, 3U);
  EXPECT_EQ(last->total, 5U);
}

TEST(console_model_list, a_page_beyond_the_last_is_empty) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("a")));
  EXPECT_TRUE(names_of(console.list(as_admin(), 2, 1)).empty());
  EXPECT_TRUE(names_of(console.list(as_admin(), ~std::uint64_t{0}, 1)).empty());
}

TEST(console_model_list, page_and_limit_have_bounds) {
  auto console = make_console();
  EXPECT_EQ(status_of(console.list(as_admin(), 0, 20)), 400);
  EXPECT_EQ(status_of(console.list(as_admin(), 1, 0)), 400);
  EXPECT_EQ(status_of(console.list(as_admin(), 1, page_limit_max)), 200);
  EXPECT_EQ(status_of(console.list(as_admin(), 1, page_limit_max + 1)), 400);
}

struct numbers {
  std::size_t accounts = 0;
  std::uint64_t pages = 0;
  std::uint64_t total = 0;
  bool operator==(const numbers&) const = default;
};

numbers numbers_of(const answer<account_page>& page) {
  return {page->accounts.size(), page->pages, page->total};
}

TEST(console_model_list, an_empty_last_page_is_counted_all_the_same) {
  auto console = make_console();
  for (const char* name : {"a", "b", "c"})
    ASSERT_TRUE(console.create(as_admin(), named(name)));
  console.set_listing_gap(listing_gap::last_page_empty);
  EXPECT_EQ(numbers_of(console.list(as_admin(), 1, 2)), (numbers{2, 2, 3}));
  EXPECT_EQ(numbers_of(console.list(as_admin(), 2, 2)), (numbers{0, 2, 3}));
  EXPECT_EQ(numbers_of(console.list(as_admin(), 1, 10)), (numbers{0, 1, 3})) << "the first can be the last";
}

TEST(console_model_list, an_uncounted_last_page_is_there_for_who_asks) {
  auto console = make_console();
  for (const char* name : {"a", "b", "c"})
    ASSERT_TRUE(console.create(as_admin(), named(name)));
  console.set_listing_gap(listing_gap::last_page_uncounted);
  EXPECT_EQ(numbers_of(console.list(as_admin(), 1, 2)), (numbers{2, 1, 3}));
  EXPECT_EQ(numbers_of(console.list(as_admin(), 2, 2)), (numbers{1, 1, 3}));
  EXPECT_EQ(numbers_of(console.list(as_admin(), 1, 10)), (numbers{3, 1, 3})) << "one page is counted";
  console.set_listing_gap(listing_gap::none);
  EXPECT_EQ(numbers_of(console.list(as_admin(), 1, 2)), (numbers{2, 2, 3}));
}

TEST(console_model_list, the_organization_sees_all_levels_and_a_project_its_own) {
  auto console = make_console();
  ASSERT_TRUE(console.create(as_admin(), named("top")));
  ASSERT_TRUE(console.create(in_project("shop"), named("shop")));
  ASSERT_TRUE(console.create(in_project("billing"), named("billing")));
  const console_call stranger{
      .token = stranger_token, .organization_id = "other", .project_id = {}, .now = start};
  ASSERT_TRUE(console.create(stranger, named("elsewhere")));
  EXPECT_EQ(names_of(console.list(as_admin(), 1, 20)), (names{"top", "shop", "billing"}));
  EXPECT_EQ(names_of(console.list(in_project("shop"), 1, 20)), (names{"shop"}));
  EXPECT_EQ(names_of(console.list(stranger, 1, 20)), (names{"elsewhere"}));
}

}  // namespace
}  // namespace platformer::models
