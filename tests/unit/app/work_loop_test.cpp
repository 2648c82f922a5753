// Queue and workers of a controller: when a key comes back, and how the loop ends.
#include "app/work_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <stdexcept>
#include <utility>

#include "tests/unit/app/small_world.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using controllers::again_after_failure;
using controllers::again_at;
using controllers::again_now;
using controllers::done;
using ::testing::HasSubstr;
using testing::small_world;

const object_key key{"team", "ci"};
const object_key nudge{"team", "nudge"};  // wakes a worker, so that it looks at the clock

// What the reconciler, a plain function, does.
struct script {
  outcome end = done{};           // of every key but nudge
  std::string thrown;             // instead of an end
  gate* held = nullptr;           // waits there first
  std::vector<object_key> begun;  // without nudge
};
script* playing = nullptr;

boost::asio::awaitable<outcome> play(world&, object_key what) {
  if (what == nudge) co_return done{};
  playing->begun.push_back(what);
  if (playing->held != nullptr) co_await playing->held->wait();
  if (!playing->thrown.empty()) throw std::runtime_error(playing->thrown);
  co_return playing->end;
}

struct loop : small_world {
  script plays;
  gate door{io.get_executor()};
  work_loop work{in, work_kind::service_account, play};

  explicit loop(int workers = 1) {
    playing = &plays;
    for (int i = 0; i < workers; ++i)
      boost::asio::co_spawn(io, work.work(), boost::asio::detached);
    settle();
  }
  void add(const object_key& what) {
    work.add(what, runtime::queue_priority::normal);
    settle();
  }
  // How often the reconciler has begun by the time that is `later` than now.
  std::size_t runs_after(duration later) {
    now += later;
    add(nudge);
    return plays.begun.size();
  }
};

TEST(work_loop, what_is_done_does_not_come_back) {
  loop it;
  it.add(key);
  EXPECT_EQ(it.runs_after(24h), 1U);
  EXPECT_THAT(it.meters.serialize(),
              HasSubstr(R"(controller_runtime_reconcile_time_seconds_count{controller="serviceaccount"} 2)"));
}

TEST(work_loop, what_wants_a_time_comes_back_then) {
  loop it;
  it.plays.end = again_at{it.now + 1h};
  it.add(key);
  it.plays.end = done{};
  EXPECT_EQ(it.runs_after(1h - 1ms), 1U);
  EXPECT_EQ(it.runs_after(1ms), 2U);
  EXPECT_EQ(it.runs_after(24h), 2U);
}

TEST(work_loop, a_failure_comes_back_not_before_its_lower_bound) {
  loop it;
  it.plays.end = again_after_failure{10s, 5min};
  it.add(key);
  EXPECT_EQ(it.runs_after(10s - 1ms), 1U);
  EXPECT_EQ(it.runs_after(1ms), 2U);
}

TEST(work_loop, the_hundredth_failure_comes_back_within_its_upper_bound) {
  loop it;
  it.plays.end = again_after_failure{0s, 2s};
  it.add(key);
  for (std::size_t runs = 2; runs <= 100; ++runs)
    EXPECT_EQ(it.runs_after(2s), runs);
}

TEST(work_loop, failures_in_a_row_come_back_later_each_time) {
  loop it;
  it.plays.end = again_after_failure{0s, 5min};
  it.add(key);
  for (std::size_t runs = 2; runs <= 30; ++runs)
    EXPECT_EQ(it.runs_after(5min), runs);
  EXPECT_EQ(it.runs_after(1min), 30U);
}

TEST(work_loop, a_success_ends_the_series_of_failures) {
  loop it;
  it.plays.end = again_after_failure{0s, 5min};
  it.add(key);
  for (int i = 0; i < 30; ++i)
    it.runs_after(5min);
  it.plays.end = done{};
  it.runs_after(5min);
  it.plays.end = again_after_failure{0s, 5min};
  it.add(key);
  const auto before = it.plays.begun.size();
  EXPECT_EQ(it.runs_after(10ms), before + 1);
}

TEST(work_loop, a_stale_view_is_looked_at_again_within_a_second_however_often) {
  loop it;
  it.plays.end = again_now{};
  it.add(key);
  EXPECT_EQ(it.runs_after(10ms), 2U);
  for (std::size_t runs = 3; runs <= 50; ++runs)
    EXPECT_EQ(it.runs_after(1s), runs);
}

TEST(work_loop, an_exception_is_told_once_and_the_key_comes_back) {
  loop it;
  it.plays.thrown = "out of memory";
  it.add(key);
  EXPECT_EQ(it.runs_after(1s - 1ms), 1U);
  EXPECT_EQ(it.runs_after(1ms), 2U);
  const std::string text = it.lines.str();
  EXPECT_THAT(text, HasSubstr("object=team/ci error=\"out of memory\""));
  EXPECT_EQ(text.find("out of memory"), text.rfind("out of memory"));
}

TEST(work_loop, as_many_keys_are_worked_on_as_there_are_workers) {
  loop it(2);
  it.plays.held = &it.door;
  for (const char* name : {"a", "b", "c"})
    it.add({"team", name});
  EXPECT_EQ(it.plays.begun.size(), 2U);
  EXPECT_EQ(it.work.state().queue.processing, 2U);
  EXPECT_EQ(it.work.state().workers, 2U);
  EXPECT_EQ(it.work.state().busy, 2U);
  EXPECT_GE(it.work.state().unfinished, it.work.state().longest_running);
  EXPECT_EQ(it.work.state().queue.depth(), 1U);
  it.door.open();
  it.settle();
  EXPECT_EQ(it.plays.begun.size(), 3U);
}

TEST(work_loop, everything_that_waits_is_looked_at_when_the_clock_was_set) {
  for (const auto by : {duration(1h), duration(-1h)}) {
    loop it;
    // As operator/app/manager: whoever is about to begin work looks at the clock first.
    std::optional<duration> set;
    it.in.follow_clock = [&] {
      if (const auto was = std::exchange(set, std::nullopt)) it.work.clock_was_set(*was);
    };
    it.plays.end = again_at{it.now + 10min};
    it.add(key);
    it.plays.end = done{};
    set = by;
    EXPECT_EQ(it.runs_after(by), 2U) << by.count();
  }
}

TEST(work_loop, keys_that_become_due_together_are_for_all_workers) {
  loop it(2);
  it.plays.end = again_at{it.now + 1h};
  for (const char* name : {"a", "b"})
    it.add({"team", name});
  it.plays.held = &it.door;
  EXPECT_EQ(it.runs_after(1h), 4U);
}

TEST(work_loop, a_key_that_is_added_while_it_is_worked_on_is_worked_on_again_after) {
  loop it(2);
  it.plays.held = &it.door;
  it.add(key);
  it.add(key);
  it.add(key);
  EXPECT_EQ(it.plays.begun.size(), 1U);
  it.door.open();
  it.settle();
  EXPECT_EQ(it.plays.begun.size(), 2U);
}

TEST(work_loop, after_shut_down_what_is_under_way_ends_and_nothing_begins) {
  loop it(2);
  it.plays.held = &it.door;
  for (const char* name : {"a", "b", "c"})
    it.add({"team", name});
  it.work.shut_down();
  it.add({"team", "d"});
  EXPECT_FALSE(it.work.drained());
  it.door.open();
  it.settle();
  EXPECT_TRUE(it.work.drained());
  EXPECT_EQ(it.plays.begun.size(), 2U);
  EXPECT_TRUE(it.io.stopped()) << "a worker did not end";
}

TEST(work_loop, workers_that_wait_end_at_shut_down) {
  loop it(3);
  it.plays.end = again_at{it.now + 1h};
  it.add(key);
  EXPECT_FALSE(it.io.stopped());
  it.work.shut_down();
  it.settle();
  EXPECT_TRUE(it.work.drained());
  EXPECT_TRUE(it.io.stopped());
}

}  // namespace
}  // namespace platformer::app
