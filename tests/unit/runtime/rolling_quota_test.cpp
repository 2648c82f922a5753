#include "runtime/rolling_quota.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

constexpr time_point t0{std::chrono::hours(1'000'000)};

std::string name(int i) {
  return "account-" + std::to_string(i);
}

int take(rolling_quota& quota, int accounts, std::size_t fleet, time_point now) {
  int granted = 0;
  for (int i = 0; i < accounts; ++i)
    granted += quota.try_take(name(i), fleet, now) ? 1 : 0;
  return granted;
}

TEST(rolling_quota, a_tenth_is_rounded_up) {
  EXPECT_EQ(rolling_quota::limit_of(0), 0U);
  EXPECT_EQ(rolling_quota::limit_of(1), 1U);
  EXPECT_EQ(rolling_quota::limit_of(10), 1U);
  EXPECT_EQ(rolling_quota::limit_of(11), 2U);
  EXPECT_EQ(rolling_quota::limit_of(1000), 100U);
}

TEST(rolling_quota, a_fleet_gets_a_tenth_an_hour) {
  rolling_quota quota;
  EXPECT_EQ(take(quota, 1000, 1000, t0), 100);
  EXPECT_EQ(take(quota, 1000, 1000, t0 + 1h - 1ms), 0);
  EXPECT_EQ(quota.next_available(name(500), 1000, t0 + 30min), t0 + 1h);
  EXPECT_EQ(take(quota, 1000, 1000, t0 + 1h), 100);
}

TEST(rolling_quota, the_hour_rolls) {
  rolling_quota quota;
  EXPECT_TRUE(quota.try_take("a", 20, t0));
  EXPECT_TRUE(quota.try_take("b", 20, t0 + 50min));
  EXPECT_FALSE(quota.try_take("c", 20, t0 + 59min));
  EXPECT_EQ(quota.next_available("c", 20, t0 + 59min), t0 + 60min);
  EXPECT_TRUE(quota.try_take("c", 20, t0 + 60min));
  EXPECT_FALSE(quota.try_take("d", 20, t0 + 61min));
  EXPECT_EQ(quota.next_available("d", 20, t0 + 61min), t0 + 110min);
}

TEST(rolling_quota, one_account_gets_one_an_hour_however_large_the_fleet) {
  rolling_quota quota;
  EXPECT_TRUE(quota.try_take("a", 1000, t0));
  EXPECT_FALSE(quota.try_take("a", 1000, t0 + 59min));
  EXPECT_EQ(quota.next_available("a", 1000, t0 + 59min), t0 + 1h);
  EXPECT_EQ(quota.next_available("b", 1000, t0 + 59min), t0 + 59min);
  EXPECT_TRUE(quota.try_take("a", 1000, t0 + 1h));
}

TEST(rolling_quota, the_limit_follows_the_fleet) {
  rolling_quota quota;
  EXPECT_EQ(take(quota, 50, 100, t0), 10);
  EXPECT_TRUE(quota.try_take("new", 101, t0)) << "the fleet grew: 11 now";
  EXPECT_FALSE(quota.try_take("newer", 101, t0));
  // It shrank: of the eleven all but one have to be an hour old.
  EXPECT_EQ(quota.next_available("newer", 11, t0 + 1min), t0 + 1h);
}

TEST(rolling_quota, a_shrunken_fleet_waits_for_more_than_one_to_age) {
  rolling_quota quota;
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(quota.try_take(name(i), 40, t0 + i * 10min));
  EXPECT_EQ(quota.next_available("x", 20, t0 + 35min), t0 + 20min + 1h);
  EXPECT_FALSE(quota.try_take("x", 20, t0 + 79min));
  EXPECT_TRUE(quota.try_take("x", 20, t0 + 80min));
}

TEST(rolling_quota, an_empty_fleet_gets_nothing) {
  rolling_quota quota;
  EXPECT_FALSE(quota.try_take("a", 0, t0));
  EXPECT_EQ(quota.next_available("a", 0, t0), t0 + 1h);
}

TEST(rolling_quota, what_was_not_used_is_taken_again_and_counts_from_then) {
  rolling_quota quota;
  EXPECT_TRUE(quota.try_take("a", 5, t0));
  EXPECT_TRUE(quota.retake("a", 5, t0 + 50min));
  EXPECT_FALSE(quota.try_take("b", 5, t0 + 1h)) << "it is used now, not an hour ago";
  EXPECT_TRUE(quota.try_take("b", 5, t0 + 110min));
  EXPECT_FALSE(quota.retake("a", 5, t0 + 111min)) << "too old: others have had their turn since";
}

TEST(rolling_quota, a_clock_set_back_grants_nothing_more_and_blocks_for_an_hour_at_most) {
  rolling_quota quota;
  EXPECT_TRUE(quota.try_take("a", 10, t0));
  const auto earlier = t0 - 5h;
  EXPECT_EQ(quota.next_available("b", 10, earlier), earlier + 1h);
  EXPECT_FALSE(quota.try_take("b", 10, earlier));
  EXPECT_EQ(quota.next_available("b", 10, earlier), earlier + 1h);
  EXPECT_TRUE(quota.try_take("b", 10, earlier + 1h));
}

// Against the definition: in each window of an hour at most the limit, and one for each account.
TEST(rolling_quota, keeps_its_promise_over_random_histories) {
  std::mt19937 random(7);
  rolling_quota quota;
  std::vector<std::pair<std::string, time_point>> granted;
  time_point now = t0;
  for (int step = 0; step < 20'000; ++step) {
    now += duration(random() % 200'000);
    const std::string account = name(static_cast<int>(random() % 60));
    const bool promised = quota.next_available(account, 60, now) == now;
    const bool got = quota.try_take(account, 60, now);
    ASSERT_EQ(promised, got);
    if (!got) continue;
    granted.emplace_back(account, now);
    std::size_t in_window = 0;
    for (auto each = granted.rbegin(); each != granted.rend() && now - each->second < 1h; ++each) {
      ++in_window;
      if (each != granted.rbegin()) {
        ASSERT_NE(each->first, account);
      }
    }
    ASSERT_LE(in_window, 6U);
  }
  EXPECT_GT(granted.size(), 1000U);
}

}  // namespace
}  // namespace platformer::runtime
