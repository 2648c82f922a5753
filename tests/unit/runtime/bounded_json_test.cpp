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

TEST(ParseBounded, AcceptsTheDeepestAllowedAndRefusesOneMore) {
  for (const auto& [open, close] : {std::pair("[", "]"), std::pair("{\"a\":", "}")}) {
    EXPECT_TRUE(parse_bounded(nested(64, open, close)));
    const auto refused = parse_bounded(nested(65, open, close));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "JSON nested deeper than 64 levels");
  }
}

TEST(ParseBounded, RefusesAMillionBrackets) {
  EXPECT_FALSE(parse_bounded(std::string(1'000'000, '[')));
  EXPECT_FALSE(parse_bounded(std::string(1'000'000, '{')));
}

TEST(ParseBounded, BuildsTheSameTreeAsTheLibrary) {
  for (const std::string text :
       {"null", "true", "-1", "18446744073709551615", "0.5", "\"a\\u00e9\"", "[]", "{}",
        "[[],{},[1,[2]],null]", R"({"a":{"b":[{"c":1},{"d":[]}],"e":{}},"f":"g"})",
        R"({"a":[1],"a":{"b":2}})"})
    EXPECT_EQ(*parse_bounded(text), nlohmann::json::parse(text)) << text;
}

TEST(ParseBounded, LeavesManagedFieldsOfMetadataOutAndNothingElse) {
  const std::string text =
      R"({"managedFields":1,"items":[{"metadata":{"managedFields":[{"a":{"b":[1]}},{}],"name":"x",
    "labels":{"managedFields":"y"},"annotations":{}},"spec":[{"managedFields":{}}]},{"metadata":{"managedFields":null}}],
    "metadata":[{"managedFields":2}]})";
  nlohmann::json wanted = nlohmann::json::parse(text);
  EXPECT_EQ(*parse_bounded(text), wanted);
  for (auto& item : wanted["items"])
    item["metadata"].erase("managedFields");
  EXPECT_EQ(*parse_bounded(text, managed_fields::skip), wanted);
}

TEST(ParseBounded, ChecksWhatItSkips) {
  const std::string before = R"({"metadata":{"managedFields":)";
  EXPECT_FALSE(parse_bounded(before + "[1,]}}", managed_fields::skip));
  EXPECT_TRUE(parse_bounded(before + nested(62, "[", "]") + "}}", managed_fields::skip));
  EXPECT_EQ(parse_bounded(before + nested(63, "[", "]") + "}}", managed_fields::skip).error().message,
            "JSON nested deeper than 64 levels");
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
