#include "runtime/bounded_json.hpp"

#include <gtest/gtest.h>

namespace platformer::runtime {
namespace {

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i)
    text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i)
    text += close;
  return text;
}

TEST(JsonDepth, CountsArraysAndObjectsOutsideStrings) {
  EXPECT_EQ(json_depth("1"), 0U);
  EXPECT_EQ(json_depth(R"({"a":[1,{"b":2}],"c":{}})"), 3U);
  EXPECT_EQ(json_depth(R"({"a":"[[[[{{{{"})"), 1U);
  EXPECT_EQ(json_depth(R"({"a\"[":"\\","b":[1]})"), 2U);
  EXPECT_EQ(json_depth("]]]["), 1U);
  EXPECT_EQ(json_depth("\"\\"), 0U);
}

TEST(ParseBounded, AcceptsTheDeepestAllowedAndRefusesOneMore) {
  for (const auto& [open, close] : {std::pair("[", "]"), std::pair("{\"a\":", "}")}) {
    EXPECT_TRUE(parse_bounded(nested(64, open, close)));
    const auto refused = parse_bounded(nested(65, open, close));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "JSON nested deeper than 64 levels");
  }
}

TEST(ParseBounded, RefusesAMillionBracketsWithoutBuildingATree) {
  EXPECT_FALSE(parse_bounded(std::string(1'000'000, '[')));
  EXPECT_FALSE(parse_bounded(std::string(1'000'000, '{')));
}

TEST(ParseBounded, FailsByValueAndNeverQuotesTheText) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{\"token\":\"secret-bytes\",}"), std::string("[1,2"),
        std::string("\"\xff\xfe\""), std::string("{\"a\":\"\xc3\x28\"}"), std::string("\"\xed\xa0\x80\""),
        std::string("1e99999"), std::string("nul"), std::string("{} {}"), std::string("\"a\0b\"", 5),
        std::string("\"\\ud800\"")}) {
    const auto parsed = parse_bounded(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(parsed.error().message.find("not valid JSON at byte "), 0U) << parsed.error().message;
  }
}

}  // namespace
}  // namespace platformer::runtime
