#include "base/clock.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point noon{std::chrono::seconds(1795435200)};  // 2026-11-23T12:00:00Z

TEST(rfc3339, is_written_in_utc_with_whole_seconds) {
  EXPECT_EQ(format_rfc3339(noon), "2026-11-23T12:00:00Z");
  EXPECT_EQ(format_rfc3339(noon + 999ms), "2026-11-23T12:00:00Z");
  EXPECT_EQ(format_rfc3339(time_point(-1ms)), "1969-12-31T23:59:59Z");
}

TEST(rfc3339, is_read_with_any_fraction_and_offset) {
  for (const char* text :
       {"2026-11-23T12:00:00Z", "2026-11-23t12:00:00z", "2026-11-23 12:00:00Z", "2026-11-23T13:30:00+01:30",
        "2026-11-23T07:00:00-05:00", "2026-11-23T12:00:00.000000Z"})
    EXPECT_EQ(parse_rfc3339(text), noon) << text;
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00.1234567Z"), noon + 123ms);
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z"));
}

TEST(rfc3339, anything_else_is_refused) {
  for (const char* text : {"", "2026", "2026-11-23", "2026-11-23T12:00:00", "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T12:60:00Z",
                           "2026-11-23T12:00:00.Z", "2026-11-23T12:00:00Zx", "2026-11-23T12:00:00+1:00",
                           "2026-11-23T12:00:00+24:00", "-026-11-23T12:00:00Z", "2026-11-23T12:00:0xZ"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(rfc3339, an_offset_that_leads_out_of_the_years_that_can_be_written_is_refused) {
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
  EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
  EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:59+00:01"));
}

TEST(rfc3339, comes_back_as_it_was_written) {
  for (std::int64_t second = -10'000'000'000; second < 200'000'000'000; second += 1'234'567'891) {
    const time_point at{std::chrono::seconds(second)};
    EXPECT_EQ(parse_rfc3339(format_rfc3339(at)), at) << format_rfc3339(at);
  }
}

TEST(http_date, is_read_in_its_one_form_only) {
  EXPECT_EQ(parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT"), noon);
  for (const char* text : {"", "Mon, 23 Nov 2026 12:00:00 UTC", "Mon, 31 Feb 2026 12:00:00 GMT",
                           "Mon, 23 nov 2026 12:00:00 GMT", "Monday, 23-Nov-26 12:00:00 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(duration_text, is_read_as_kubernetes_writes_it) {
  EXPECT_EQ(parse_duration("2160h"), 2160h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("0"), 0ms);
  EXPECT_EQ(parse_duration("0s"), 0ms);
}

TEST(duration_text, that_is_malformed_negative_or_endless_is_refused) {
  for (const char* text : {"", "h", "5", "-5m", "5d", "1e9h", "infh", "nanh", "5m ", " 5m", "99999999999h",
                           "876000h876000h", "5m-3s", "0x10s", "1..5h"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(duration_text, shows_the_two_largest_units) {
  EXPECT_EQ(format_duration(52h), "2d4h");
  EXPECT_EQ(format_duration(15min), "15m");
  EXPECT_EQ(format_duration(90s), "1m30s");
  EXPECT_EQ(format_duration(250ms), "250ms");
  EXPECT_EQ(format_duration(-15min), "-15m");
}

TEST(hash, is_the_published_fnv1a) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8ULL);
}

}  // namespace
}  // namespace platformer::test
