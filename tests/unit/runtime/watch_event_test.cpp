#include "runtime/watch_event.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace platformer::runtime {
namespace {

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

lines drain(line_splitter& from) {
  lines out;
  while (const auto line = from.next())
    out.emplace_back(*line);
  return out;
}

TEST(LineSplitter, GivesTheSameLinesWhereverTheStreamIsCut) {
  const std::string text = "one\n\ntwo\r\nthree\nrest";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    line_splitter splitter;
    splitter.push(text.substr(0, cut));
    lines all = drain(splitter);
    splitter.push(text.substr(cut));
    for (auto& line : drain(splitter))
      all.push_back(line);
    EXPECT_EQ(all, (lines{"one", "two", "three"})) << cut;
    EXPECT_EQ(splitter.pending(), 4U);
  }
}

TEST(LineSplitter, TakesSingleBytes) {
  line_splitter splitter;
  lines all;
  for (const char c : std::string("ab\ncd\n")) {
    splitter.push({&c, 1});
    for (auto& line : drain(splitter))
      all.push_back(line);
  }
  EXPECT_EQ(all, (lines{"ab", "cd"}));
}

TEST(LineSplitter, StopsAtALineBeyondItsBound) {
  line_splitter splitter(4);
  splitter.push("1234\n12345\nafter\n");
  EXPECT_EQ(drain(splitter), lines{"1234"});
  EXPECT_TRUE(splitter.overflown());
  splitter.push("more\n");
  EXPECT_EQ(drain(splitter), lines{});
  EXPECT_EQ(splitter.pending(), 0U);
}

TEST(LineSplitter, NoticesALineThatNeverEnds) {
  line_splitter splitter(1000);
  int pushed = 0;
  while (!splitter.overflown() && pushed < 100) {
    splitter.push(std::string(100, 'x'));
    splitter.next();
    ++pushed;
  }
  EXPECT_EQ(pushed, 11);
}

TEST(WatchEvent, DecodesEachType) {
  const auto decode = [](const std::string& type) {
    return decode_watch_event(R"({"type":")" + type +
                              R"(","object":{"metadata":{"name":"a","resourceVersion":"7"}}})");
  };
  for (const auto& [name, type] :
       {std::pair("ADDED", watch_event_type::added), std::pair("MODIFIED", watch_event_type::modified),
        std::pair("DELETED", watch_event_type::deleted)}) {
    const auto event = decode(name);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, type);
    EXPECT_EQ(event->version, "7");
    EXPECT_EQ(event->object["metadata"]["name"], "a");
  }
  const auto bookmark = decode("BOOKMARK");
  ASSERT_TRUE(bookmark);
  EXPECT_EQ(bookmark->type, watch_event_type::bookmark);
  EXPECT_FALSE(bookmark->initial_events_end);
  const auto future = decode("RENAMED");
  ASSERT_TRUE(future);
  EXPECT_EQ(future->type, watch_event_type::unknown);
}

TEST(WatchEvent, TellsTheBookmarkThatEndsTheInitialEvents) {
  const auto decode = [](const std::string& value) {
    return decode_watch_event(
        R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":)" +
        value + "}}}}");
  };
  EXPECT_TRUE(decode(R"("true")")->initial_events_end);
  EXPECT_FALSE(decode(R"("false")")->initial_events_end);
  EXPECT_FALSE(decode("true")->initial_events_end);
}

TEST(WatchEvent, DecodesErrorEventsAsErrors) {
  const auto event = decode_watch_event(
      R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old\nresource version"}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, watch_event_type::error);
  EXPECT_EQ(event->error.code, api_errc::gone);
  EXPECT_EQ(event->error.http_status, 410);
  EXPECT_EQ(event->error.message, "too old resource version");
}

TEST(WatchEvent, ReadsAStatusForWhatItIs) {
  const auto code = [](int status, const std::string& reason) {
    return decode_status({{"code", status}, {"reason", reason}}).code;
  };
  EXPECT_EQ(code(500, "Expired"), api_errc::gone);
  EXPECT_EQ(code(0, ""), api_errc::server_error);
  EXPECT_EQ(code(401, ""), api_errc::unauthorized);
  EXPECT_EQ(code(403, ""), api_errc::forbidden);
  EXPECT_EQ(code(404, ""), api_errc::not_found);
  EXPECT_EQ(code(409, "AlreadyExists"), api_errc::already_exists);
  EXPECT_EQ(code(409, "Conflict"), api_errc::conflict);
  EXPECT_EQ(code(413, ""), api_errc::too_large);
  EXPECT_EQ(code(422, ""), api_errc::invalid);
  EXPECT_EQ(code(429, ""), api_errc::rate_limited);
  EXPECT_EQ(code(504, ""), api_errc::server_error);
  EXPECT_EQ(code(418, ""), api_errc::bad_request);
  EXPECT_EQ(decode_status({{"code", 429}, {"details", {{"retryAfterSeconds", 7}}}}).retry_after, 7s);
  EXPECT_EQ(decode_status({{"code", 429}, {"details", {{"retryAfterSeconds", 9'000'000}}}}).retry_after, 1h);
  EXPECT_EQ(decode_status("nonsense").http_status, 0);
}

TEST(WatchEvent, RefusesByValueWhatIsNoEvent) {
  for (const std::string& line : std::vector<std::string>{
           "",
           "nonsense",
           "[]",
           "null",
           R"({"type":"ADDED"})",
           R"({"type":"ADDED","object":[]})",
           R"({"type":"ADDED","object":{}})",
           R"({"type":"ADDED","object":{"metadata":[]}})",
           R"({"type":"ADDED","object":{"metadata":{"resourceVersion":7}}})",
           R"({"type":"BOOKMARK","object":{"metadata":{}}})",
           R"({"type":"ERROR","object":"gone"})",
           "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"resourceVersion\":\"\xff\"}}}",
       })
    EXPECT_FALSE(decode_watch_event(line)) << line;
  EXPECT_FALSE(decode_watch_event(R"({"type":"ADDED","object":)" + std::string(100, '[')));
}

TEST(WatchEvent, IgnoresATypeThatIsNoString) {
  const auto event = decode_watch_event(R"({"type":5,"object":{}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, watch_event_type::unknown);
}

}  // namespace
}  // namespace platformer::runtime
