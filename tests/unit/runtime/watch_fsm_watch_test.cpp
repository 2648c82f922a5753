#include <gtest/gtest.h>

#include "watch_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(WatchFsmWatch, AppliesEventsAndFollowsTheirVersions) {
  auto t = transcript::watching();
  t.step(added("11"), "apply, read 305s");
  t.step(modified("12"), "apply, read 305s");
  t.step(deleted("13"), "erase, read 305s");
  t.step(bookmark("20"), "progress 20, read 305s");
  t.step(stream_ended{}, "watch 20 for 300s");
}

TEST(WatchFsmWatch, SpreadsItsTimeoutOverFiveToTenMinutes) {
  auto t = transcript::watching();
  t.random = 0.5;
  t.step(stream_ended{}, "watch 10 for 450s");
  t.step(watch_opened{}, "read 455s");
  t.now += 450s;
  t.random = 1.0;
  t.step(stream_ended{}, "watch 10 for 600s");
}

TEST(WatchFsmWatch, PassesOnOldAndRepeatedEventsWithoutGoingBack) {
  auto t = transcript::watching();
  t.step(modified("15"), "apply, read 305s");
  t.step(modified("15"), "apply, read 305s");
  t.step(modified("12"), "apply, read 305s");
  t.step(bookmark("14"), "read 305s");
  t.step(stream_ended{}, "watch 15 for 300s");
}

TEST(WatchFsmWatch, IgnoresUnknownEventsAndAMarkThatEndsNothing) {
  auto t = transcript::watching();
  t.step(event(watch_event_type::unknown, ""), "read 305s");
  t.step(event(watch_event_type::unknown, "99"), "read 305s");
  t.step(initial_end("12"), "progress 12, read 305s");
}

TEST(WatchFsmWatch, ListsAtOnceWithoutAVersionWhenTheVersionHasExpiredAfterAQuietTime) {
  auto t = transcript::watching();
  t.step(error_event(failure(api_errc::gone, 410)), "list limit 500");
  t.step(page("90"), "stage, commit 90, watch 90 for 300s");
  t.step(watch_refused{failure(api_errc::gone, 410)}, "wait 1600ms");
  t.step(wait_over{}, "list limit 500");
  t.step(page("91"), "stage, commit 91, watch 91 for 300s");
  t.step(watch_opened{}, "read 305s");
}

TEST(WatchFsmWatch, RetriesTheWatchWithoutRelistingWhenNothingWasSaidAboutTheVersion) {
  for (const auto code : {api_errc::rate_limited, api_errc::unreachable, api_errc::connection_lost,
                          api_errc::timeout, api_errc::cancelled}) {
    auto t = transcript::watching();
    t.step(stream_ended{}, "watch 10 for 300s");
    t.step(watch_refused{failure(code)}, "wait 800ms");
    t.step(wait_over{}, "watch 10 for 300s");
    t.step(watch_refused{failure(code, 429, 9s)}, "wait 9s");
    t.step(wait_over{}, "watch 10 for 300s");
    t.step(watch_opened{}, "read 305s");
    EXPECT_EQ(t.fsm.lists_started(), 1U);
    EXPECT_EQ(t.fsm.watches_started(), 4U);
  }
}

TEST(WatchFsmWatch, RelistsAfterAnyOtherRefusal) {
  for (const auto code : {api_errc::unauthorized, api_errc::forbidden, api_errc::not_found,
                          api_errc::server_error, api_errc::redirected, api_errc::malformed}) {
    auto t = transcript::watching();
    t.step(stream_ended{}, "watch 10 for 300s");
    t.step(watch_refused{failure(code)}, "wait 800ms");
    t.step(wait_over{}, "list 10 NotOlderThan limit 500");
  }
}

TEST(WatchFsmWatch, RelistsWithoutAVersionWhenTheVersionIsFromTheServersFuture) {
  auto t = transcript::watching();
  t.step(stream_ended{}, "watch 10 for 300s");
  t.step(watch_refused{failure(api_errc::server_error, 504)}, "wait 800ms");
  t.step(wait_over{}, "list limit 500");
}

TEST(WatchFsmWatch, ReopensWhenTheStreamIsCutOffOrFallsSilent) {
  for (const auto code : {api_errc::connection_lost, api_errc::timeout}) {
    auto t = transcript::watching();
    t.step(modified("15"), "apply, read 305s");
    t.step(stream_failed{failure(code)}, "watch 15 for 300s");
  }
}

// After etcd was restored from a backup the version that we know lies in the server's future: a watch from
// there is opened, and tells neither events nor bookmarks.
TEST(WatchFsmWatch, RelistsWithoutAVersionAfterTwentyMinutesOfWatchesThatSaidNothing) {
  auto t = transcript::watching();
  t.step(bookmark("10"), "read 305s");
  for (int minutes = 5; minutes < 20; minutes += 5) {
    t.now += 5min;
    t.step(stream_ended{}, "watch 10 for 300s");
    t.step(watch_opened{}, "read 305s");
  }
  t.step(bookmark("3"), "read 305s");
  t.step(modified("4"), "apply, read 305s");
  t.now += 5min;
  t.step(stream_ended{}, "list limit 500");
  t.step(page("5"), "stage, commit 5, watch 5 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.now += 5min;
  t.step(stream_failed{failure(api_errc::timeout)}, "watch 5 for 300s");
}

TEST(WatchFsmWatch, CountsOnlyTheTimeInWhichAWatchWasOpenAsSilence) {
  auto t = transcript::watching();
  t.step(bookmark("12"), "progress 12, read 305s");
  t.now += 19min;
  t.step(bookmark("12"), "read 305s");
  t.now += 19min;
  t.step(stream_failed{failure(api_errc::connection_lost)}, "watch 12 for 300s");
  t.now += 1h;
  t.step(watch_refused{failure(api_errc::unreachable)}, "wait 800ms");
  t.step(wait_over{}, "watch 12 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.now += 59s;
  t.step(stream_ended{}, "watch 12 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.now += 1s;
  t.step(stream_ended{}, "list limit 500");
}

TEST(WatchFsmWatch, WaitsBeforeReopeningAStreamThatHardlyLived) {
  transcript t;
  t.step(watch_started{}, "list 0 limit 500");
  t.step(page("10"), "stage, commit 10, watch 10 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.now += 999ms;
  t.step(stream_ended{}, "wait 800ms");
  t.step(wait_over{}, "watch 10 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.step(added("11"), "apply, read 305s");
  t.step(stream_failed{failure(api_errc::connection_lost)}, "wait 1600ms");
  t.step(wait_over{}, "watch 11 for 300s");
  t.step(watch_opened{}, "read 305s");
  t.now += 1s;
  t.step(stream_ended{}, "watch 11 for 300s");
}

TEST(WatchFsmWatch, RelistsAfterWhatItCouldNotUnderstand) {
  auto t = transcript::watching();
  t.step(stream_failed{failure(api_errc::malformed)}, "wait 800ms");
  t.step(wait_over{}, "list 10 NotOlderThan limit 500");
}

TEST(WatchFsmWatch, HandlesErrorEventsOtherThanExpiry) {
  auto limited = transcript::watching();
  limited.step(error_event(failure(api_errc::rate_limited, 429, 3s)), "wait 3s");
  limited.step(wait_over{}, "watch 10 for 300s");
  auto broken = transcript::watching();
  broken.step(error_event(failure(api_errc::server_error, 500)), "wait 800ms");
  broken.step(wait_over{}, "list 10 NotOlderThan limit 500");
}

TEST(WatchFsmWatch, LeavesTheVersionAloneWhenAnEventHasNone) {
  auto t = transcript::watching();
  t.step(modified(""), "apply, read 305s");
  EXPECT_EQ(t.fsm.version(), "10");
}

}  // namespace
}  // namespace platformer::runtime
