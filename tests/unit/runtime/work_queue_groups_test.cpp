// The queue's groups: who takes turns with whom, and how many workers one of them may have.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/work_queue.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
constexpr auto low = queue_priority::low;
constexpr auto normal = queue_priority::normal;
constexpr time_point start{};

// A key's group is its first letter.
struct grouped_queue : work_queue<std::string> {
  grouped_queue()
      : work_queue(backoff_policies::queue_item,
                   [](const std::string& key) { return static_cast<std::size_t>(key.front()); }) {}

  void add_all(char letter, int count, queue_priority priority = normal) {
    for (int i = 1; i <= count; ++i)
      add(letter + std::to_string(i), start, priority);
  }
  // As so many workers take them whose work does not end.
  std::vector<std::string> take(std::size_t workers) {
    std::vector<std::string> taken;
    while (auto next = pop(start, workers - statistics(start).processing))
      taken.push_back(next->key);
    return taken;
  }
};

using keys = std::vector<std::string>;

TEST(work_queue_groups, take_turns) {
  grouped_queue q;
  q.add_all('a', 4);
  q.add_all('b', 2);
  q.add_all('c', 1);
  EXPECT_EQ(q.take(100), (keys{"a1", "b1", "c1", "a2", "b2", "a3", "a4"}));
}

TEST(work_queue_groups, take_turns_where_one_comes_later) {
  grouped_queue q;
  q.add_all('a', 4);
  EXPECT_EQ(q.pop(start)->key, "a1");
  q.add("b1", start);
  EXPECT_EQ(q.take(100), (keys{"a2", "b1", "a3", "a4"}));
}

TEST(work_queue_groups, do_not_put_low_keys_before_normal_ones) {
  grouped_queue q;
  q.add_all('a', 1, low);
  q.add_all('b', 3);
  EXPECT_EQ(q.take(100), (keys{"b1", "b2", "b3", "a1"}));
}

TEST(work_queue_groups, hold_half_of_the_workers_each_time) {
  grouped_queue q;
  q.add_all('a', 50);
  EXPECT_EQ(q.take(32).size(), 16U) << "the only one";
  q.add_all('b', 50);
  EXPECT_EQ(q.take(32).size(), 8U) << "the next one";
  q.add_all('c', 50);
  EXPECT_EQ(q.take(32).size(), 4U);
  EXPECT_EQ(q.statistics(start).depth(), 150U - 28);
}

TEST(work_queue_groups, leave_the_only_worker_to_everybody) {
  grouped_queue q;
  q.add_all('a', 1);
  q.add_all('b', 1);
  EXPECT_EQ(q.take(1), keys{"a1"});
  q.done("a1", start);
  EXPECT_EQ(q.take(1), keys{"b1"});
}

TEST(work_queue_groups, have_all_workers_where_there_is_only_one_by_design) {
  work_queue<std::string> q;
  for (const auto* key : {"a", "b", "c"})
    q.add(key, start);
  for (std::size_t free_workers = 3; free_workers > 0; --free_workers)
    EXPECT_TRUE(q.pop(start, free_workers)) << free_workers;
}

TEST(work_queue_groups, let_a_low_key_by_where_those_before_it_have_their_share) {
  grouped_queue q;
  q.add_all('a', 50);
  ASSERT_EQ(q.take(4), (keys{"a1", "a2"}));
  q.add("b1", start, low);
  EXPECT_TRUE(q.has_work_for(2));
  EXPECT_EQ(q.take(4), keys{"b1"});
  EXPECT_FALSE(q.has_work_for(1));
  EXPECT_FALSE(q.has_work_for(0));
  EXPECT_EQ(q.pop(start, 1), std::nullopt);
}

TEST(work_queue_groups, get_a_worker_back_when_their_work_ends) {
  grouped_queue q;
  q.add_all('a', 50);
  ASSERT_EQ(q.take(4), (keys{"a1", "a2"}));
  q.done("a1", start);
  EXPECT_TRUE(q.has_work_for(3));
  EXPECT_EQ(q.take(4), keys{"a3"});
}

TEST(work_queue_groups, get_what_others_leave_when_those_end) {
  grouped_queue q;
  q.add_all('a', 50);
  q.add_all('b', 1);
  q.add_all('c', 1);
  ASSERT_EQ(q.take(4), (keys{"a1", "b1", "c1"}));
  q.done("b1", start);
  q.done("c1", start);
  EXPECT_EQ(q.take(4), keys{"a2"});
}

TEST(work_queue_groups, are_asked_for_anew_when_a_key_is_upgraded) {
  std::size_t group = 1;
  work_queue<std::string> q(backoff_policies::queue_item, [&](const std::string&) { return group; });
  q.add("a", start, low);
  group = 2;
  q.add("b", start);
  ASSERT_TRUE(q.pop(start, 2));
  q.add("a", start);  // it is one of group 2 now
  EXPECT_EQ(q.pop(start, 1), std::nullopt);
  q.done("b", start);
  EXPECT_EQ(q.pop(start, 1)->key, "a");
}

TEST(work_queue_groups, are_asked_for_anew_when_a_key_comes_back_after_its_work) {
  std::size_t group = 1;
  work_queue<std::string> q(backoff_policies::queue_item, [&](const std::string&) { return group; });
  q.add("a", start);
  q.add("b", start);
  ASSERT_TRUE(q.pop(start, 4));
  ASSERT_TRUE(q.pop(start, 3));
  q.add("a", start);
  group = 2;
  q.done("a", start);
  EXPECT_EQ(q.pop(start, 1)->key, "a") << "group 1 has a worker, group 2 has none";
}

TEST(work_queue_groups, tell_of_the_key_that_waits_longest) {
  grouped_queue q;
  q.add("a1", start);
  q.add("b1", start + 3s);
  ASSERT_TRUE(q.pop(start + 4s));
  q.add("a2", start + 5s);
  EXPECT_EQ(q.statistics(start + 6s).of(normal).oldest, 3s);
  EXPECT_EQ(q.statistics(start + 6s).depth(), 2U);
}

TEST(work_queue_groups, forget_what_was_ready_when_the_queue_ends) {
  grouped_queue q;
  q.add_all('a', 3);
  q.add_all('b', 3, low);
  ASSERT_TRUE(q.pop(start));
  q.shut_down();
  EXPECT_EQ(q.statistics(start).depth(), 0U);
  EXPECT_FALSE(q.has_work_for(10));
  q.done("a1", start);
  EXPECT_TRUE(q.drained());
}

}  // namespace
}  // namespace platformer::runtime
