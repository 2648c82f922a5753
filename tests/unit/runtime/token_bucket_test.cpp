#include "runtime/token_bucket.hpp"

#include <gtest/gtest.h>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000'000ms};

TEST(TokenBucket, GivesItsBurstAtOnceAndThenNothing) {
  token_bucket bucket(2.0, 3.0);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(bucket.try_take(start));
  EXPECT_FALSE(bucket.try_take(start));
}

TEST(TokenBucket, RefillsAtItsRateAndNotBeyondItsBurst) {
  token_bucket bucket(2.0, 3.0);
  for (int i = 0; i < 3; ++i)
    bucket.try_take(start);
  EXPECT_FALSE(bucket.try_take(start + 499ms));
  EXPECT_TRUE(bucket.try_take(start + 500ms));
  int taken = 0;
  while (bucket.try_take(start + 1h))
    ++taken;
  EXPECT_EQ(taken, 3);
}

TEST(TokenBucket, TellsWhenTheNextTokenIsThereAndIsRight) {
  token_bucket bucket(3.0, 1.0);
  time_point now = start;
  EXPECT_EQ(bucket.next_available(now), now);
  for (int i = 0; i < 100; ++i) {
    now = bucket.next_available(now);
    EXPECT_TRUE(bucket.try_take(now)) << i;
  }
  EXPECT_GE(now - start, 33s);
  EXPECT_LE(now - start, 34s);
}

TEST(TokenBucket, SurvivesAClockThatIsSetBack) {
  token_bucket bucket(1.0, 1.0);
  EXPECT_TRUE(bucket.try_take(start));
  EXPECT_FALSE(bucket.try_take(start - 1h));
  EXPECT_EQ(bucket.next_available(start - 1h), start + 1s);
  EXPECT_TRUE(bucket.try_take(start + 1s));
}

}  // namespace
}  // namespace platformer::runtime
