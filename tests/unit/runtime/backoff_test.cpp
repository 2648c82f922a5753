#include "runtime/backoff.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesFromTheFirstDelayWhenRandomIsZero) {
  EXPECT_EQ(backoff_delay(backoff_policies::queue_item, 0, 0.0), 5ms);
  EXPECT_EQ(backoff_delay(backoff_policies::queue_item, 1, 0.0), 10ms);
  EXPECT_EQ(backoff_delay(backoff_policies::queue_item, 10, 0.0), 5120ms);
  EXPECT_EQ(backoff_delay(backoff_policies::watch, 0, 0.0), 800ms);
  EXPECT_EQ(backoff_delay(backoff_policies::watch, 2, 0.0), 3200ms);
}

TEST(Backoff, StaysBetweenFirstAndMaxHoweverManyFailures) {
  for (const auto& policy : {backoff_policies::queue_item, backoff_policies::watch})
    for (const unsigned failures : {0U, 1U, 5U, 30U, 1000U, std::numeric_limits<unsigned>::max()})
      for (const double random : {-1.0, 0.0, 0.5, 0.999999, 7.0, std::nan("")}) {
        const duration delay = backoff_delay(policy, failures, random);
        EXPECT_GE(delay, policy.first);
        EXPECT_LE(delay, policy.max);
      }
}

TEST(Backoff, SpreadsDelaysAtTheUpperEndToo) {
  EXPECT_EQ(backoff_delay(backoff_policies::watch, 50, 0.0), 20s);
  EXPECT_EQ(backoff_delay(backoff_policies::watch, 50, 1.0), 30s);
  EXPECT_EQ(backoff_delay(backoff_policies::queue_item, 50, 1.0), 5min);
}

TEST(Backoff, NeverShrinksFromOneFailureToTheNextForTheSameRandom) {
  for (unsigned failures = 0; failures < 40; ++failures)
    EXPECT_LE(backoff_delay(backoff_policies::watch, failures, 0.3),
              backoff_delay(backoff_policies::watch, failures + 1, 0.3));
}

TEST(Backoff, StartsAnewTwoMinutesAfterTheLastDelayEnded) {
  time_point now{};
  backoff retry(backoff_policies::watch);
  EXPECT_EQ(retry.next(now, 0), 800ms);
  EXPECT_EQ(retry.next(now, 0), 1600ms);
  EXPECT_EQ(retry.failures(now), 2U);
  now += 1600ms + 2min - 1ms;
  EXPECT_EQ(retry.failures(now), 2U);
  EXPECT_EQ(retry.next(now, 0), 3200ms);
  now += 3200ms + 2min;
  EXPECT_EQ(retry.failures(now), 0U);
  EXPECT_EQ(retry.next(now, 0), 800ms);
}

TEST(Backoff, StartsAnewOnlyByResetWhenThePolicyHasNoResetTime) {
  time_point now{};
  backoff retry(backoff_policies::queue_item);
  retry.next(now, 0);
  now += 24h;
  EXPECT_EQ(retry.next(now, 0), 10ms);
  retry.reset();
  EXPECT_EQ(retry.next(now, 0), 5ms);
}

}  // namespace
}  // namespace platformer::runtime
