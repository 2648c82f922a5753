#include <gtest/gtest.h>

#include "watch_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(WatchFsmList, ListsAtVersionZeroAndWatchesFromTheListsVersion) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  EXPECT_FALSE(t.fsm.synced());
  t.step(page("10"), "stage, commit 10, watch 10 for 300s");
  EXPECT_TRUE(t.fsm.synced());
  t.step(watch_opened{}, "read 305s");
}

TEST(WatchFsmList, FollowsContinueTokensWithoutAVersionAndCommitsAtTheLastPage) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(page("10", "t2"), "stage, list continue t2 limit 500");
  EXPECT_FALSE(t.fsm.synced());
  t.step(page("10"), "stage, commit 10, watch 10 for 300s");
}

TEST(WatchFsmList, ListsOnceInOnePieceWhenTheContinueTokenHasExpired) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::gone, 410)}, "discard, list 0 whole");
  t.step(page("30"), "stage, commit 30, watch 30 for 300s");
}

TEST(WatchFsmList, GoesBackToPagesWhenTheWholeListFails) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::gone, 410)}, "discard, list 0 whole");
  t.step(list_failed{failure(api_errc::timeout)}, "discard, wait 800ms");
  t.step(wait_over{}, "list 0 limit 500");
}

TEST(WatchFsmList, DoesNotLoopWhenTheWholeListIsPagedAndExpiresToo) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::gone)}, "discard, list 0 whole");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::gone)}, "discard, list limit 500");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::gone)}, "discard, list whole");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::gone)}, "discard, wait 1600ms");
}

TEST(WatchFsmList, WaitsLongerAfterEachFailureAndStartsAtTheFirstPageAgain) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(list_failed{failure(api_errc::unreachable)}, "discard, wait 800ms");
  t.step(wait_over{}, "list 0 limit 500");
  t.step(page("10", "t1"), "stage, list continue t1 limit 500");
  t.step(list_failed{failure(api_errc::connection_lost)}, "discard, wait 1600ms");
  t.step(wait_over{}, "list 0 limit 500");
  t.step(list_failed{failure(api_errc::not_found, 404)}, "discard, wait 3200ms");
  t.step(wait_over{}, "list 0 limit 500");
  t.random = 1.0;
  t.step(list_failed{failure(api_errc::forbidden, 403)}, "discard, wait 9600ms");
}

TEST(WatchFsmList, BacksOffToThirtySecondsAndForgetsAfterTwoQuietMinutes) {
  transcript t;
  t.random = 1.0;
  t.step(watch_started{}, "list 0 limit 500");
  for (int i = 0; i < 8; ++i) {
    t.fsm.step(list_failed{failure(api_errc::server_error, 500)}, t.now, 0);
    t.fsm.step(wait_over{}, t.now, 0);
  }
  t.step(list_failed{failure(api_errc::server_error, 500)}, "discard, wait 30s");
  t.random = 0.0;
  t.now += 30s;
  t.step(wait_over{}, "list 0 limit 500");
  t.step(page("10"), "stage, commit 10, watch 10 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.now += 2min;
  t.step(stream_failed{failure(api_errc::malformed)}, "wait 800ms");
}

TEST(WatchFsmList, ObeysALongerRetryAfter) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(list_failed{failure(api_errc::rate_limited, 429, 7s)}, "discard, wait 7s");
  t.step(wait_over{}, "list 0 limit 500");
  t.step(list_failed{failure(api_errc::rate_limited, 429, 1ms)}, "discard, wait 1600ms");
}

TEST(WatchFsmList, RelistsFromTheLastVersionAndNoOlder) {
  auto t = transcript::watching();
  t.step(modified("15"), "apply, read 305s");
  t.step(stream_failed{failure(api_errc::malformed)}, "wait 800ms");
  t.step(wait_over{}, "list 15 NotOlderThan limit 500");
  t.step(page("20"), "stage, commit 20, watch 20 for 300s");
}

TEST(WatchFsmList, ListsWithoutAVersionWhenTheLastOneCanNotBeServed) {
  for (const auto& error : {failure(api_errc::gone, 410), failure(api_errc::server_error, 504),
                            failure(api_errc::bad_request, 400), failure(api_errc::invalid, 422)}) {
    auto t = transcript::watching();
    t.step(stream_failed{failure(api_errc::malformed)}, "wait 800ms");
    t.now += 5min;
    t.step(wait_over{}, "list 10 NotOlderThan limit 500");
    t.step(list_failed{error}, "discard, list limit 500");
    t.step(list_failed{error}, "discard, wait 1600ms");
    t.step(wait_over{}, "list limit 500");
    t.step(page("4"), "stage, commit 4, watch 4 for 300s");
    t.step(watch_refused{failure(api_errc::server_error, 500)}, "wait 3200ms");
    t.step(wait_over{}, "list 4 NotOlderThan limit 500");
  }
}

TEST(WatchFsmList, GivesUpOnAListThatNeverEnds) {
  transcript t({.max_pages = 3, .streaming_list = false});
  t.step(watch_started{}, "list 0 limit 500");
  for (int i = 0; i < 3; ++i)
    t.step(page("10", "t"), "stage, list continue t limit 500");
  t.step(page("10", "t"), "discard, wait 800ms");
}

TEST(WatchFsmList, TakesAnInputThatDoesNotFitForABrokenServer) {
  const watch_input inputs[] = {
      watch_opened{}, watch_refused{failure(api_errc::gone)},    added("11"),    stream_ended{},
      wait_over{},    stream_failed{failure(api_errc::timeout)}, watch_started{}};
  for (const auto& input : inputs) {
    transcript t;
    t.step(watch_started{}, "list 0 limit 500");
    t.step(input, "discard, wait 800ms");
    t.step(page("10"), "discard, wait 1600ms");
    t.step(wait_over{}, "list 0 limit 500");
  }
}

}  // namespace
}  // namespace platformer::runtime
