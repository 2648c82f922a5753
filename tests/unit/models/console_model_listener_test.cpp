// What a listener hears: every committed change, once, with the account before and after it.
#include <gtest/gtest.h>

#include "tests/unit/models/console_fixture.hpp"

namespace platformer::models {
namespace {

using std::chrono::hours;

struct recorded {
  console_model console = make_console();
  std::vector<account_change> heard;

  recorded() {
    console.set_listener([this](const account_change& change) { heard.push_back(change); });
  }
  recorded(const recorded&) = delete;
  recorded& operator=(const recorded&) = delete;
};

TEST(console_model_listener, a_creation_has_nothing_before_it) {
  recorded it;
  ASSERT_TRUE(it.console.create(as_admin(), named("ci")));
  ASSERT_EQ(it.heard.size(), 1U);
  EXPECT_EQ(it.heard[0].act, account_act::create);
  EXPECT_FALSE(it.heard[0].by_hand);
  EXPECT_EQ(it.heard[0].at, start);
  EXPECT_EQ(it.heard[0].before, nullptr);
  EXPECT_EQ(it.heard[0].after.get(), it.console.find("id-1"));
}

TEST(console_model_listener, changes_come_in_order_with_both_states) {
  recorded it;
  ASSERT_TRUE(it.console.create(as_admin(), named("ci")));
  account_fields change;
  change.description = "after";
  ASSERT_TRUE(it.console.update(as_admin(start + hours(1)), "id-1", change));
  ASSERT_TRUE(it.console.renew(as_admin(start + hours(2)), "id-1", std::nullopt));
  ASSERT_TRUE(it.console.remove(as_admin(start + hours(3)), "id-1"));
  ASSERT_EQ(it.heard.size(), 4U);
  const std::vector<account_act> acts{account_act::create, account_act::update, account_act::renew,
                                      account_act::remove};
  for (std::size_t i = 0; i < acts.size(); ++i) {
    EXPECT_EQ(it.heard[i].act, acts[i]) << i;
    EXPECT_EQ(it.heard[i].at, start + hours(i)) << i;
    EXPECT_EQ(it.heard[i].before, i == 0 ? nullptr : it.heard[i - 1].after) << i;
  }
  EXPECT_EQ(it.heard[1].before->data.description, "");
  EXPECT_EQ(it.heard[1].after->data.description, "after");
  EXPECT_EQ(it.heard[2].before->tokens_issued, 1U);
  EXPECT_EQ(it.heard[2].after->tokens_issued, 2U);
  EXPECT_EQ(it.heard[3].after, nullptr);
}

TEST(console_model_listener, what_a_person_does_is_told_apart) {
  recorded it;
  ASSERT_TRUE(it.console.create_by_hand("acme", "", named("ci"), start));
  ASSERT_TRUE(it.console.edit_by_hand("id-1", named("renamed"), start));
  ASSERT_TRUE(it.console.renew_by_hand("id-1", start));
  ASSERT_TRUE(it.console.revoke_by_hand("id-1", start));
  ASSERT_TRUE(it.console.remove_by_hand("id-1", start));
  std::vector<account_act> acts;
  for (const auto& change : it.heard) {
    EXPECT_TRUE(change.by_hand);
    acts.push_back(change.act);
  }
  EXPECT_EQ(acts, (std::vector<account_act>{account_act::create, account_act::update, account_act::renew,
                                            account_act::revoke, account_act::remove}));
}

TEST(console_model_listener, refusals_and_reads_are_not_told) {
  recorded it;
  ASSERT_FALSE(it.console.create(as_admin(), named("")));
  ASSERT_FALSE(it.console.renew(as_admin(), "id-1", std::nullopt));
  ASSERT_FALSE(it.console.remove(as_admin(), "id-1"));
  ASSERT_FALSE(it.console.remove_by_hand("id-1", start));
  ASSERT_TRUE(it.console.list(as_admin(), 1, 10));
  EXPECT_TRUE(it.heard.empty());
}

TEST(console_model_listener, restoring_and_forgetting_are_not_told) {
  recorded it;
  ASSERT_TRUE(it.console.create(as_admin(), named("ci")));
  const stored_account saved = *it.console.find("id-1");
  it.console.forget("id-1");
  it.console.restore(saved);
  EXPECT_EQ(it.heard.size(), 1U);
}

TEST(console_model_listener, it_sees_the_model_as_it_is_after_the_change) {
  auto console = make_console();
  std::size_t accounts = 0;
  console.set_listener([&](const account_change&) { accounts = console.account_count(); });
  ASSERT_TRUE(console.create(as_admin(), named("ci")));
  EXPECT_EQ(accounts, 1U);
  ASSERT_TRUE(console.remove(as_admin(), "id-1"));
  EXPECT_EQ(accounts, 0U);
}

TEST(console_model_listener, a_copy_tells_the_same_listener_until_it_gets_its_own) {
  recorded it;
  auto copy = it.console;
  ASSERT_TRUE(copy.create(as_admin(), named("ci")));
  EXPECT_EQ(it.heard.size(), 1U);
  copy.set_listener({});
  ASSERT_TRUE(copy.create(as_admin(), named("ci")));
  EXPECT_EQ(it.heard.size(), 1U);
}

}  // namespace
}  // namespace platformer::models
