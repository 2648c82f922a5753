#include "runtime/timer_queue.hpp"

#include <gtest/gtest.h>

#include <string>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using timers = timer_queue<std::string, int>;

constexpr time_point start{};

TEST(TimerQueue, GivesDueTimersInOrderOfTimeThenOfSetting) {
  timers queue;
  queue.set("late", start + 3s, 1);
  queue.set("first", start + 1s, 2);
  queue.set("second", start + 1s, 3);
  EXPECT_EQ(queue.next(), start + 1s);
  EXPECT_FALSE(queue.pop_due(start + 999ms));
  EXPECT_EQ(queue.pop_due(start + 5s)->key, "first");
  EXPECT_EQ(queue.pop_due(start + 5s)->key, "second");
  const auto last = queue.pop_due(start + 5s);
  EXPECT_EQ(last->key, "late");
  EXPECT_EQ(last->at, start + 3s);
  EXPECT_EQ(last->payload, 1);
  EXPECT_FALSE(queue.pop_due(start + 5s));
  EXPECT_EQ(queue.next(), std::nullopt);
}

TEST(TimerQueue, HoldsOneTimerAKeyAndCanCancelIt) {
  timers queue;
  queue.set("a", start + 1s, 1);
  queue.set("a", start + 9s, 2);
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.find("a")->payload, 2);
  EXPECT_EQ(queue.next(), start + 9s);
  EXPECT_TRUE(queue.cancel("a"));
  EXPECT_FALSE(queue.cancel("a"));
  EXPECT_EQ(queue.find("a"), nullptr);
  EXPECT_EQ(queue.size(), 0U);
}

}  // namespace
}  // namespace platformer::runtime
