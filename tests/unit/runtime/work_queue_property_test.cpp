// The queue against a naive model of the same rules, over long random histories with fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "runtime/work_queue.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

// What the guarantees of work_queue.hpp say about each key, computed by looking at everything.
struct naive_queue {
  std::map<int, queue_priority> ready;
  std::map<int, std::pair<time_point, queue_priority>> waiting;
  std::set<int> processing;
  std::map<int, queue_priority> dirty;

  void add(int key, queue_priority priority) {
    if (const auto found = waiting.find(key); found != waiting.end()) {
      priority = std::min(priority, found->second.second);
      waiting.erase(found);
    }
    auto& set = processing.contains(key) ? dirty : ready;
    const auto [place, fresh] = set.emplace(key, priority);
    if (!fresh) place->second = std::min(place->second, priority);
  }

  void add_after(int key, time_point at, time_point now, queue_priority priority) {
    if (at <= now) return add(key, priority);
    for (auto* set : {&ready, &dirty})
      if (const auto found = set->find(key); found != set->end()) {
        found->second = std::min(found->second, priority);
        return;
      }
    const auto [place, fresh] = waiting.emplace(key, std::pair(at, priority));
    if (!fresh) place->second = {std::min(place->second.first, at), std::min(place->second.second, priority)};
  }

  void promote(time_point now) {
    for (auto it = waiting.begin(); it != waiting.end();) {
      const auto [key, wait] = *it;
      it = wait.first <= now ? waiting.erase(it) : std::next(it);
      if (wait.first <= now) add(key, wait.second);
    }
  }

  std::size_t count(queue_priority priority) const {
    std::size_t out = 0;
    for (const auto& [key, each] : ready)
      out += each == priority ? 1U : 0U;
    return out;
  }

  // Of those, the ones whose group may have one more worker.
  std::size_t count_admitted(queue_priority priority, std::size_t free_workers) const {
    std::size_t out = 0;
    for (const auto& [key, each] : ready)
      out += each == priority && processed_of(group_of(key)) < free_workers ? 1U : 0U;
    return out;
  }

  static std::size_t group_of(int key) { return static_cast<std::size_t>(key % 3); }
  std::size_t processed_of(std::size_t group) const {
    return static_cast<std::size_t>(
        std::count_if(processing.begin(), processing.end(), [&](int key) { return group_of(key) == group; }));
  }
};

constexpr std::size_t workers = 5;

class WorkQueueProperty : public testing::TestWithParam<unsigned> {};

TEST_P(WorkQueueProperty, AgreesWithTheNaiveModel) {
  std::mt19937 random(GetParam());
  const auto below = [&](unsigned bound) { return static_cast<int>(random() % bound); };
  work_queue<int> queue(backoff_policies::queue_item, naive_queue::group_of);
  naive_queue model;
  time_point now{};
  unsigned passed_over = 0;
  for (int i = 0; i < 4000; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", step " << i);
    const int key = below(12);
    const auto priority = below(2) == 0 ? queue_priority::normal : queue_priority::low;
    switch (below(6)) {
      case 0:
        queue.add(key, now, priority);
        model.add(key, priority);
        break;
      case 1: {
        const time_point at = now + duration(below(50)) - 5ms;
        queue.add_after(key, at, now, priority);
        model.add_after(key, at, now, priority);
        break;
      }
      case 2: {
        const duration delay = queue.add_rate_limited(key, now, 0.25, priority);
        model.add_after(key, now + delay, now, priority);
        break;
      }
      case 3:
        if (below(3) == 0) queue.forget(key);
        now += duration(below(20));
        break;
      case 4: {
        const std::size_t free_workers = workers - model.processing.size();
        const auto item = queue.pop(now, free_workers);
        model.promote(now);
        const std::size_t normal = model.count_admitted(queue_priority::normal, free_workers);
        const std::size_t low = model.count_admitted(queue_priority::low, free_workers);
        ASSERT_EQ(item.has_value(), normal + low != 0);
        if (model.count(queue_priority::low) == 0) passed_over = 0;
        if (!item) break;
        ASSERT_LT(model.processed_of(naive_queue::group_of(item->key)), free_workers);
        ASSERT_TRUE(model.ready.contains(item->key));
        ASSERT_EQ(item->priority, model.ready[item->key]);
        // Low keys wait for normal ones, of which no more than so many go first.
        ASSERT_TRUE(item->priority == queue_priority::normal || normal == 0 ||
                    passed_over + 1 == work_queue<int>::low_share);
        const bool passes = item->priority == queue_priority::normal && low != 0;
        if (passes) ++passed_over;
        if (item->priority == queue_priority::low) passed_over = 0;
        ASSERT_LT(passed_over, work_queue<int>::low_share);
        model.ready.erase(item->key);
        ASSERT_TRUE(model.processing.insert(item->key).second) << "one worker a key";
        break;
      }
      default:
        if (model.processing.empty()) break;
        const int finished = *model.processing.begin();
        queue.done(finished, now);
        model.processing.erase(finished);
        if (const auto again = model.dirty.extract(finished)) model.add(finished, again.mapped());
    }
    const auto stats = queue.statistics(now);
    ASSERT_EQ(stats.of(queue_priority::normal).depth, model.count(queue_priority::normal));
    ASSERT_EQ(stats.of(queue_priority::low).depth, model.count(queue_priority::low));
    ASSERT_EQ(stats.delayed, model.waiting.size());
    ASSERT_EQ(stats.processing, model.processing.size());
    const std::size_t idle = workers - model.processing.size();
    ASSERT_EQ(queue.has_work_for(idle), model.count_admitted(queue_priority::normal, idle) +
                                                model.count_admitted(queue_priority::low, idle) !=
                                            0);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, WorkQueueProperty, testing::Range(1U, 13U));

TEST(WorkQueueScale, HoldsAHundredThousandKeysAndUpgradesEachCheaply) {
  work_queue<int> queue;
  time_point now{};
  constexpr int keys = 100'000;
  for (int key = 0; key < keys; ++key)
    queue.add(key, now, queue_priority::low);
  for (int key = keys - 1; key >= 0; --key)
    queue.add(key, now, queue_priority::normal);
  for (int key = keys - 1; key >= 0; --key) {
    const auto item = queue.pop(now);
    ASSERT_TRUE(item);
    ASSERT_EQ(item->key, key);
    queue.add_after(key, now + duration(key + 1), now);
    queue.done(key, now);
  }
  EXPECT_EQ(queue.statistics(now).delayed, static_cast<std::size_t>(keys));
  EXPECT_EQ(queue.next_wake(), now + 1ms);
}

}  // namespace
}  // namespace platformer::runtime
