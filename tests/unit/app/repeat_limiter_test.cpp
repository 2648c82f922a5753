// Repeats are suppressed and counted, by an injected clock.
#include "app/repeat_limiter.hpp"

#include <gtest/gtest.h>

namespace platformer::app {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000'000s};

TEST(repeat_limiter, one_of_many_passes_and_the_next_knows_how_many_did_not) {
  repeat_limiter limiter(30s);
  EXPECT_EQ(limiter.admit("a", start), 0U);
  EXPECT_EQ(limiter.admit("a", start), std::nullopt);
  EXPECT_EQ(limiter.admit("a", start + 29'999ms), std::nullopt);
  EXPECT_EQ(limiter.admit("a", start + 30s), 2U);
  EXPECT_EQ(limiter.admit("a", start + 59s), std::nullopt);
  EXPECT_EQ(limiter.admit("a", start + 10min), 1U);
}

TEST(repeat_limiter, keys_are_apart) {
  repeat_limiter limiter(30s);
  EXPECT_EQ(limiter.admit("a", start), 0U);
  EXPECT_EQ(limiter.admit("b", start), 0U);
}

TEST(repeat_limiter, a_clock_set_back_does_not_silence) {
  repeat_limiter limiter(30s);
  EXPECT_EQ(limiter.admit("a", start), 0U);
  EXPECT_EQ(limiter.admit("a", start - 1h), 0U);
}

TEST(repeat_limiter, memory_is_bounded_and_the_oldest_key_goes_first) {
  repeat_limiter limiter(30s, 3);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limiter.admit("key " + std::to_string(i), start + i * 1ms), 0U);
    EXPECT_LE(limiter.size(), 3U);
  }
  EXPECT_EQ(limiter.admit("key 99", start + 1s), std::nullopt);
  EXPECT_EQ(limiter.admit("key 97", start + 1s), std::nullopt);
  EXPECT_EQ(limiter.admit("key 96", start + 1s), 0U);
}

TEST(repeat_limiter, keys_past_their_window_make_room_before_live_ones) {
  repeat_limiter limiter(30s, 2);
  limiter.admit("old", start);
  limiter.admit("live", start + 20s);
  EXPECT_EQ(limiter.admit("new", start + 31s), 0U);
  EXPECT_EQ(limiter.admit("live", start + 32s), std::nullopt);
}

}  // namespace
}  // namespace platformer::app
