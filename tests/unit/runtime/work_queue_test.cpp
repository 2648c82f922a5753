#include "runtime/work_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using queue = work_queue<std::string>;
constexpr auto low = queue_priority::low;
constexpr auto normal = queue_priority::normal;
constexpr time_point start{};

std::vector<std::string> pop_all(queue& from, time_point now) {
  std::vector<std::string> keys;
  while (auto item = from.pop(now))
    keys.push_back(item->key);
  return keys;
}

TEST(WorkQueue, HandsOutKeysFirstInFirstOutAndOnce) {
  queue q;
  for (const auto* key : {"b", "a", "b", "c", "a"})
    q.add(key, start);
  EXPECT_EQ(pop_all(q, start), (std::vector<std::string>{"b", "a", "c"}));
}

TEST(WorkQueue, HandsOutNormalKeysBeforeLowOnes) {
  queue q;
  q.add("old-1", start, low);
  q.add("old-2", start, low);
  q.add("fresh", start, normal);
  EXPECT_EQ(pop_all(q, start), (std::vector<std::string>{"fresh", "old-1", "old-2"}));
}

TEST(WorkQueue, LeavesEverySixteenthTurnToLowKeysWhileThereAreAny) {
  queue q;
  q.add("low-1", start, low);
  q.add("low-2", start, low);
  for (int i = 0; i < 100; ++i)
    q.add("normal-" + std::to_string(i), start, normal);
  const auto order = pop_all(q, start);
  ASSERT_EQ(order.size(), 102U);
  EXPECT_EQ(order[14], "normal-14");
  EXPECT_EQ(order[15], "low-1");
  EXPECT_EQ(order[30], "normal-29");
  EXPECT_EQ(order[31], "low-2");
  EXPECT_EQ(order[47], "normal-45");
}

TEST(WorkQueue, UpgradesALowKeyByANormalAddAndNeverDowngrades) {
  queue q;
  q.add("a", start, low);
  q.add("b", start, low);
  q.add("b", start, normal);
  q.add("b", start, low);
  EXPECT_EQ(q.statistics(start).of(low).depth, 1U);
  EXPECT_EQ(q.pop(start)->key, "b");
  EXPECT_EQ(q.pop(start)->priority, low);
}

TEST(WorkQueue, RunsAKeyOnceMoreWhenItWasAddedDuringProcessing) {
  queue q;
  q.add("a", start);
  ASSERT_TRUE(q.pop(start));
  q.add("a", start, low);
  q.add("a", start, normal);
  q.add("a", start, low);
  EXPECT_FALSE(q.pop(start)) << "one worker a key";
  q.done("a", start + 1s);
  const auto again = q.pop(start + 3s);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->priority, normal);
  EXPECT_EQ(again->waited, 2s);
  q.done("a", start + 3s);
  EXPECT_FALSE(q.pop(start + 3s));
}

TEST(WorkQueue, DelaysAKeyUntilTheEarliestTimeAskedFor) {
  queue q;
  q.add_after("a", start + 10s, start);
  q.add_after("a", start + 5s, start);
  q.add_after("a", start + 20s, start);
  EXPECT_EQ(q.next_wake(), start + 5s);
  EXPECT_FALSE(q.pop(start + 4999ms));
  const auto item = q.pop(start + 6s);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->waited, 1s);
  EXPECT_EQ(q.next_wake(), std::nullopt);
}

TEST(WorkQueue, AddsAtOnceWhenTheTimeHasPassed) {
  queue q;
  q.add_after("a", start, start);
  EXPECT_EQ(pop_all(q, start), std::vector<std::string>{"a"});
}

TEST(WorkQueue, CancelsAWaitByAnImmediateAddAndKeepsItsPriority) {
  queue q;
  q.add_after("a", start + 5s, start, normal);
  q.add("b", start, low);
  q.add("a", start, low);
  EXPECT_EQ(q.next_wake(), std::nullopt);
  EXPECT_EQ(pop_all(q, start), (std::vector<std::string>{"a", "b"}));
}

TEST(WorkQueue, TakesNoWaitForAKeyThatRunsSoonAnyway) {
  queue q;
  q.add("queued", start, low);
  q.add_after("queued", start + 5s, start, normal);
  EXPECT_EQ(q.statistics(start).of(normal).depth, 1U) << "but its priority counts";
  ASSERT_TRUE(q.pop(start));
  q.add("queued", start);
  q.add_after("queued", start + 5s, start);
  EXPECT_EQ(q.next_wake(), std::nullopt);
  q.done("queued", start);
  EXPECT_TRUE(q.pop(start));
}

TEST(WorkQueue, KeepsAWaitThatIsSetDuringProcessing) {
  queue q;
  q.add("a", start);
  ASSERT_TRUE(q.pop(start));
  q.add_after("a", start + 5s, start);
  q.done("a", start);
  EXPECT_FALSE(q.pop(start));
  EXPECT_TRUE(q.pop(start + 5s));
}

TEST(WorkQueue, MarksAKeyDirtyWhenItsTimeComesDuringProcessing) {
  queue q;
  q.add("a", start);
  ASSERT_TRUE(q.pop(start));
  q.add_after("a", start + 1s, start);
  EXPECT_FALSE(q.pop(start + 2s));
  q.done("a", start + 3s);
  EXPECT_TRUE(q.pop(start + 3s));
}

TEST(WorkQueue, BacksOffEachKeyOnItsOwnUntilForgotten) {
  queue q;
  EXPECT_EQ(q.add_rate_limited("a", start, 0.0), 5ms);
  EXPECT_EQ(q.add_rate_limited("a", start, 0.0), 10ms);
  EXPECT_EQ(q.add_rate_limited("b", start, 0.0), 5ms);
  EXPECT_EQ(q.failures("a"), 2U);
  EXPECT_EQ(q.next_wake(), start + 5ms);
  q.forget("a");
  EXPECT_EQ(q.failures("a"), 0U);
  EXPECT_EQ(q.add_rate_limited("a", start, 0.0), 5ms);
  EXPECT_EQ(q.statistics(start).retries, 4U);
}

TEST(WorkQueue, RemembersFailuresOverProcessingAndReachesFiveMinutes) {
  queue q;
  time_point now = start;
  duration delay{};
  for (int i = 0; i < 30; ++i) {
    delay = q.add_rate_limited("a", now, 0.999999);
    now += delay;
    ASSERT_TRUE(q.pop(now));
    q.done("a", now);
  }
  EXPECT_GT(delay, 299s);
  EXPECT_LE(delay, 5min);
}

TEST(WorkQueue, ForgetLeavesQueuePlacesAndWaitsAlone) {
  queue q;
  q.add("a", start);
  q.add_after("b", start + 1s, start);
  q.forget("a");
  q.forget("b");
  q.forget("never seen");
  EXPECT_EQ(pop_all(q, start + 1s), (std::vector<std::string>{"a", "b"}));
}

TEST(WorkQueue, GivesNothingAfterShutDownAndDrainsWhenWorkersAreDone) {
  queue q;
  q.add("a", start);
  q.add("b", start);
  q.add_after("c", start + 1s, start);
  ASSERT_TRUE(q.pop(start));
  q.add("a", start);
  EXPECT_FALSE(q.drained());
  q.shut_down();
  q.add("d", start);
  EXPECT_EQ(q.add_rate_limited("e", start, 0.5), 0ms);
  EXPECT_FALSE(q.pop(start + 1h));
  EXPECT_EQ(q.next_wake(), std::nullopt);
  EXPECT_FALSE(q.drained());
  q.done("a", start);
  EXPECT_TRUE(q.drained());
  EXPECT_FALSE(q.pop(start + 1h));
}

TEST(WorkQueue, CountsWhatItHolds) {
  queue q;
  q.add("a", start, low);
  q.add("b", start + 1s, low);
  q.add("c", start + 2s, normal);
  q.add("a", start + 2s, low);
  q.add_after("d", start + 1h, start);
  const auto stats = q.statistics(start + 5s);
  EXPECT_EQ(stats.depth(), 3U);
  EXPECT_EQ(stats.of(low).depth, 2U);
  EXPECT_EQ(stats.of(low).adds, 3U);
  EXPECT_EQ(stats.of(low).oldest, 5s);
  EXPECT_EQ(stats.of(normal).oldest, 3s);
  EXPECT_EQ(stats.delayed, 1U);
  ASSERT_TRUE(q.pop(start + 5s));
  EXPECT_EQ(q.statistics(start + 5s).of(normal).oldest, std::nullopt);
  EXPECT_EQ(q.statistics(start + 5s).processing, 1U);
}

TEST(WorkQueue, HandsOutWhatWaitsWhenTheClockWasSet) {
  for (const duration by : {duration(1h), duration(-1h)}) {
    queue q;
    const time_point now = start + 24h;
    q.add_after("moment", now + 30min, now, low);
    q.add_rate_limited("failed", now, 0.5);
    EXPECT_EQ(q.failures("failed"), 1U);
    q.clock_was_set(by, now + by);
    EXPECT_EQ(pop_all(q, now + by), (std::vector<std::string>{"failed", "moment"}));
    EXPECT_EQ(q.failures("failed"), 1U) << "it has still failed";
    EXPECT_FALSE(q.next_wake());
  }
}

TEST(WorkQueue, CountsNoWaitOfAnHourForAClockThatWasSet) {
  queue q;
  q.add("a", start);
  q.clock_was_set(1h, start + 1h);
  EXPECT_EQ(q.statistics(start + 1h + 2s).of(normal).oldest, 2s);
  EXPECT_EQ(q.pop(start + 1h + 2s)->waited, 2s);
}

}  // namespace
}  // namespace platformer::runtime
