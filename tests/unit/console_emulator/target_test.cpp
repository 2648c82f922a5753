// Request targets and path templates, without a socket.
#include <gtest/gtest.h>

#include "tests/console_emulator/http_types.hpp"

namespace platformer::emulator {
namespace {

using segments = std::vector<std::string>;

TEST(emulator_target, segments_and_query_are_percent_decoded) {
  const auto target = parse_target("/a/b%2Fc/%6F?page=1&x%20y=%31");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (segments{"a", "b/c", "o"}));
  EXPECT_EQ(target->query.at("page"), "1");
  EXPECT_EQ(target->query.at("x y"), "1");
}

TEST(emulator_target, what_can_not_be_read_is_nothing) {
  for (const char* target :
       {"", "a/b", "http://host/a", "/a//b", "/a%", "/a%2", "/a%zz", "/a?x=1&x=2", "/a?%=1"})
    EXPECT_FALSE(parse_target(target)) << target;
}

TEST(emulator_target, a_template_fits_segment_by_segment) {
  EXPECT_TRUE(match_path("/accounts", {"accounts"}));
  EXPECT_FALSE(match_path("/accounts", {"accounts", "x"}));
  EXPECT_FALSE(match_path("/accounts/{id}", {"accounts"}));
  EXPECT_FALSE(match_path("/accounts/{id}/renew", {"accounts", "a", "delete"}));
  EXPECT_EQ(match_path("/accounts/{id}/renew", {"accounts", "a", "renew"})->at("id"), "a");
}

}  // namespace
}  // namespace platformer::emulator
