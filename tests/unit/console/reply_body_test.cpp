#include "console/reply_body.hpp"

#include <gmock/gmock.h>

namespace platformer::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What was lifted: the token, "bad", "none", or why the body was refused.
std::string lifted(std::string_view body) {
  const auto found = lift_token(body);
  if (!found) return "refused: " + found.error().message;
  if (found->bad_token) return "bad";
  return found->token ? std::string(found->token->reveal()) : "none";
}

std::string remaining(std::string_view body) {
  return lift_token(body)->json;
}

TEST(LiftToken, TakesDataTokenAndLeavesXs) {
  const std::string body = R"({"success":true,"data":{"id":"a1","token":"s3cret","x":1}})";
  EXPECT_EQ(lifted(body), "s3cret");
  EXPECT_EQ(remaining(body), R"({"success":true,"data":{"id":"a1","token":"xxxxxx","x":1}})");
}

TEST(LiftToken, EscapesAreUndone) {
  EXPECT_EQ(lifted(R"({"data":{"token":"a\/b\u002bc\"d\\"}})"), R"(a/b+c"d\)");
  EXPECT_EQ(lifted(R"({"d\u0061ta":{"tok\u0065n":"abc"}})"), "abc");
}

TEST(LiftToken, OnlyDataTokenCountsButEveryTokenIsBlanked) {
  const std::string body = R"({"token":"one","data":{"inner":{"token":"two"},"list":[{"token":"three"}]}})";
  EXPECT_EQ(lifted(body), "none");
  EXPECT_THAT(remaining(body), Not(::testing::AnyOf(HasSubstr("one"), HasSubstr("two"), HasSubstr("three"))));
}

TEST(LiftToken, AStringThatSaysTokenIsNotAMember) {
  EXPECT_EQ(remaining(R"(["token","abc",{"a":"token","b":"c"}])"),
            R"(["token","abc",{"a":"token","b":"c"}])");
  EXPECT_EQ(lifted(R"({"data":"token","token":"x"})"), "none");
  EXPECT_EQ(lifted(R"([{"data":{"token":"x"}}])"), "none");
}

TEST(LiftToken, WhatCanNotStandInAHeaderIsNoToken) {
  EXPECT_EQ(lifted(R"({"data":{"token":""}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"a b"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"a\r\nX: y"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"a\u0000b"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"\u00e4"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"ä"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"a\x"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"a\u00"}})"), "bad");
  EXPECT_EQ(lifted(R"({"data":{"token":"one","token":"two"}})"), "bad");
}

TEST(LiftToken, ATokenMayHave8KiB) {
  const auto body_with = [](std::size_t size) {
    return R"({"data":{"token":")" + std::string(size, 't') + "\"}}";
  };
  EXPECT_EQ(lifted(body_with(max_token_bytes)).size(), max_token_bytes);
  EXPECT_EQ(lifted(body_with(max_token_bytes + 1)), "bad");
  EXPECT_EQ(lifted(body_with(max_token_bytes * 7)), "bad");
}

TEST(LiftToken, ABadTokenIsBlankedToo) {
  EXPECT_THAT(remaining(R"({"data":{"token":"s3 cret"}})"), Not(HasSubstr("cret")));
}

TEST(LiftToken, OtherTypesAreNoToken) {
  EXPECT_EQ(lifted(R"({"data":{"token":null}})"), "none");
  EXPECT_EQ(lifted(R"({"data":{"token":17}})"), "none");
  EXPECT_EQ(lifted(R"({"data":{"token":{"token":"x"}}})"), "none");
}

TEST(LiftToken, NestingAndSizeAreLimited) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(lifted(nested(max_nesting)), "none");
  EXPECT_EQ(lifted(nested(max_nesting + 1)), "refused: the body is nested deeper than 64 levels");
  EXPECT_EQ(lifted(std::string(100'000, '[')), "refused: the body is nested deeper than 64 levels");
  EXPECT_EQ(lifted("\"" + std::string(100, '[') + "\""), "none");
  EXPECT_EQ(lifted(std::string(max_body_bytes + 1, ' ')), "refused: the body is larger than 1024 KiB");
}

TEST(LiftToken, AnyPrefixOfAReplyIsSafe) {
  const std::string body = R"({"success":true,"data":{"id":"a1","token":"s3\u0063ret","roles":["a\"b"]}})";
  for (std::size_t size = 0; size < body.size(); ++size)
    if (const auto found = lift_token(body.substr(0, size))) {
      EXPECT_THAT(found->json, Not(HasSubstr("cret"))) << size;
    }
}

TEST(LiftToken, GarbageIsLeftToTheParser) {
  EXPECT_EQ(lifted(""), "none");
  EXPECT_EQ(lifted("}}]],::,,{"), "none");
  EXPECT_EQ(lifted("\""), "refused: the body ends inside a string");
  EXPECT_EQ(lifted("\"\\"), "refused: the body ends inside a string");
}

TEST(Mask, EveryOccurrenceOfEverySecret) {
  const std::array<std::string_view, 3> secrets = {"abc", "", "xyz"};
  std::string text = "abcabc-xyz-ab";
  mask(text, secrets);
  EXPECT_EQ(text, "******-***-ab");
}

}  // namespace
}  // namespace platformer::console
