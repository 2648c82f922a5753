#include "runtime/settable_clock.hpp"

#include <gtest/gtest.h>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

constexpr time_point begin{std::chrono::seconds(1795420800)};

TEST(settable_clock, tells_the_time_of_the_machine_it_began_with) {
  const settable_clock clock(begin, 500s);
  EXPECT_EQ(clock.read(500s), begin);
  EXPECT_EQ(clock.read(500s + 250ms), begin + 250ms);
}

TEST(settable_clock, runs_on_evenly_until_it_is_told_to_look) {
  settable_clock clock(begin, 0s);
  EXPECT_EQ(clock.read(10s), begin + 10s) << "whatever the machine says";
  EXPECT_EQ(clock.follow(begin + 1h + 10s, 10s), 1h);
  EXPECT_EQ(clock.read(10s), begin + 1h + 10s);
  EXPECT_EQ(clock.read(20s), begin + 1h + 20s);
}

TEST(settable_clock, says_by_how_much_it_was_set_once_and_in_either_direction) {
  settable_clock clock(begin, 0s);
  EXPECT_EQ(clock.follow(begin - 1h, 0s), -1h);
  EXPECT_EQ(clock.follow(begin - 1h + 5s, 5s), 0s);
  EXPECT_EQ(clock.follow(begin + 6s, 6s), 1h);
}

TEST(settable_clock, lets_small_differences_gather) {
  settable_clock clock(begin, 0s);
  EXPECT_EQ(clock.follow(begin + 10s + 600ms, 10s), 0s);
  EXPECT_EQ(clock.read(10s), begin + 10s);
  EXPECT_EQ(clock.follow(begin + 20s - 999ms, 20s), 0s);
  EXPECT_EQ(clock.follow(begin + 30s + 1s, 30s), 1s);
}

TEST(settable_clock, moves_moments_that_are_set) {
  time_point at = begin;
  time_point never{};
  move_moment(at, -1h);
  move_moment(never, -1h);
  EXPECT_EQ(at, begin - 1h);
  EXPECT_EQ(never, time_point{});
}

}  // namespace
}  // namespace platformer::runtime
