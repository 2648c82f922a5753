#include <gtest/gtest.h>

#include "watch_transcript.hpp"

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using namespace test;

transcript streaming() {
  transcript t(watch_fsm_options{});
  t.step(watch_started{}, "stream for 300s");
  t.step(watch_opened{}, "read 10s");
  return t;
}

TEST(WatchFsmStreaming, CommitsAtTheMarkedBookmarkAndWatchesOnTheSameStream) {
  auto t = streaming();
  t.step(added("5"), "stage, read 10s");
  t.step(added("3"), "stage, read 10s");
  t.step(modified("6"), "stage, read 10s");
  t.step(deleted("7"), "unstage, read 10s");
  t.step(bookmark("8"), "read 10s");
  t.step(event(watch_event_type::unknown, ""), "read 10s");
  EXPECT_FALSE(t.fsm.synced());
  t.step(initial_end("9"), "commit 9, read 305s");
  EXPECT_TRUE(t.fsm.synced());
  t.step(added("10"), "apply, read 305s");
  t.now += 1min;
  t.step(stream_ended{}, "watch 10 for 300s");
  EXPECT_EQ(t.fsm.lists_started(), 0U);
}

TEST(WatchFsmStreaming, ListsAtOnceAndForGoodWhenTheServerRefusesStreamingLists) {
  for (const auto code : {api_errc::invalid, api_errc::bad_request}) {
    transcript t(watch_fsm_options{});
    t.step(watch_started{}, "stream for 300s");
    t.step(watch_refused{failure(code)}, "discard, list 0 limit 500");
    EXPECT_FALSE(t.fsm.streaming_list());
    t.step(page("10"), "stage, commit 10, watch 10 for 300s");
    t.step(watch_opened{}, "read 305s");
    t.now += 1min;
    t.step(error_event(failure(api_errc::gone)), "list limit 500");
  }
}

TEST(WatchFsmStreaming, ListsAfterAWaitWhenAnythingElseFails) {
  for (const auto code : {api_errc::not_found, api_errc::forbidden, api_errc::server_error, api_errc::timeout,
                          api_errc::connection_lost, api_errc::rate_limited, api_errc::gone}) {
    transcript t(watch_fsm_options{});
    t.step(watch_started{}, "stream for 300s");
    t.step(watch_refused{failure(code)}, "discard, wait 800ms");
    t.step(wait_over{}, "list 0 limit 500");
  }
}

TEST(WatchFsmStreaming, TriesAgainWhenNobodyAnsweredAtAll) {
  transcript t(watch_fsm_options{});
  t.step(watch_started{}, "stream for 300s");
  t.step(watch_refused{failure(api_errc::unreachable)}, "wait 800ms");
  t.step(wait_over{}, "stream for 300s");
}

TEST(WatchFsmStreaming, DiscardsAndListsWhenTheStreamEndsFailsOrFallsSilentBeforeItIsComplete) {
  const watch_input inputs[] = {stream_ended{},
                                stream_failed{failure(api_errc::timeout)},
                                stream_failed{failure(api_errc::connection_lost)},
                                stream_failed{failure(api_errc::malformed)},
                                error_event(failure(api_errc::gone, 410)),
                                error_event(failure(api_errc::server_error, 500))};
  for (const auto& input : inputs) {
    auto t = streaming();
    t.step(added("5"), "stage, read 10s");
    t.now += 1min;
    t.step(input, "discard, wait 800ms");
    t.step(wait_over{}, "list 0 limit 500");
    EXPECT_FALSE(t.fsm.streaming_list());
  }
}

TEST(WatchFsmStreaming, GivesUpOnAServerThatNeverTellsTheEnd) {
  auto slow = streaming();
  slow.now += 2min + 1ms;
  slow.step(added("5"), "discard, wait 800ms");

  transcript flood(watch_fsm_options{.max_initial_events = 2});
  flood.step(watch_started{}, "stream for 300s");
  flood.step(watch_opened{}, "read 10s");
  flood.step(added("5"), "stage, read 10s");
  flood.step(added("6"), "stage, read 10s");
  flood.step(added("7"), "discard, wait 800ms");
}

TEST(WatchFsmStreaming, StreamsAgainForARelistFromTheLastVersionOrNone) {
  auto t = streaming();
  t.step(initial_end("9"), "commit 9, read 305s");
  t.now += 1min;
  t.step(stream_failed{failure(api_errc::malformed)}, "wait 800ms");
  t.step(wait_over{}, "stream 9 for 300s");
  t.step(watch_opened{}, "read 10s");
  t.step(initial_end("12"), "commit 12, read 305s");
  t.now += 5min;
  t.step(error_event(failure(api_errc::gone, 410)), "stream for 300s");
  t.step(watch_opened{}, "read 10s");
  t.step(initial_end("80"), "commit 80, read 305s");
}

TEST(WatchFsmStreaming, KeepsTheLastVersionWhenARelistFallsBack) {
  auto t = streaming();
  t.step(initial_end("9"), "commit 9, read 305s");
  t.now += 1min;
  t.step(stream_failed{failure(api_errc::malformed)}, "wait 800ms");
  t.step(wait_over{}, "stream 9 for 300s");
  t.step(watch_refused{failure(api_errc::server_error, 500)}, "discard, wait 1600ms");
  t.step(wait_over{}, "list 9 NotOlderThan limit 500");
}

}  // namespace
}  // namespace platformer::runtime
