#include <gmock/gmock.h>

#include "console/codec.hpp"

namespace platformer::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(std::string_view body) {
  const auto minted = decode_minted(body);
  return minted ? "accepted" : minted.error().message;
}

TEST(DecodeMinted, TokenIdAndGrantedExpiry) {
  const auto minted = decode_minted(
      R"({"success":true,"data":{"id":"a1","token":"s3cret","expired_in":{"_seconds":1,"_nanoseconds":5000000}}})");
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->account_id, "a1");
  EXPECT_EQ(minted->token->reveal(), "s3cret");
  ASSERT_TRUE(minted->expires_at);
  EXPECT_EQ(*minted->expires_at, time_point(std::chrono::milliseconds(1005)));
}

TEST(DecodeMinted, NullMeansNeverAndAbsentMeansUnknown) {
  const auto never = decode_minted(R"({"data":{"id":"a","token":"t","expired_in":null}})")->expires_at;
  ASSERT_TRUE(never);
  EXPECT_EQ(*never, std::nullopt);
  EXPECT_FALSE(decode_minted(R"({"data":{"id":"a","token":"t"}})")->expires_at);
}

TEST(DecodeMinted, ATokenIsNotLostOverOddFields) {
  const auto minted =
      decode_minted(R"({"data":{"token":"t","expired_in":"tomorrow","name":7,"roles":{}},"meta":[]})");
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->account_id, "");
  EXPECT_FALSE(minted->expires_at);
}

TEST(DecodeMinted, WithoutAUsableTokenItFails) {
  EXPECT_EQ(refusal(R"({"success":true,"data":{"id":"a1"}})"), "data.token is missing or no usable token");
  EXPECT_EQ(refusal(R"({"data":{"id":"a1","token":""}})"), "data.token is missing or no usable token");
  EXPECT_EQ(refusal(R"({"data":{"id":"a1","token":7}})"), "data.token is missing or no usable token");
  EXPECT_EQ(refusal(R"({"token":"t"})"), "data is missing");
  EXPECT_EQ(refusal(R"({"success":false,"data":{"id":"a1","token":"t"}})"),
            "success is not true in spite of the status");
  EXPECT_EQ(refusal(""), "the body is no JSON");
  EXPECT_EQ(refusal("<html>"), "the body is no JSON");
  EXPECT_EQ(refusal(R"({"data":{"id":"a1","token":"t"})"), "the body is no JSON");
}

TEST(DecodeMinted, AnIdThatIsUnsafeFails) {
  EXPECT_EQ(refusal(R"({"data":{"id":"../x","token":"t"}})"), "data.id is no identifier");
  EXPECT_THAT(refusal(R"({"data":{"id":7,"token":"t"}})"), HasSubstr("data.id is no string"));
  EXPECT_THAT(refusal(R"({"data":{"id":")" + std::string(129, 'a') + R"(","token":"t"}})"),
              HasSubstr("at most 128"));
}

TEST(DecodeMinted, NoMessageHoldsTheToken) {
  for (const char* body : {R"({"data":{"token":"s3cret","id":"a b"}})", R"({"data":{"token":"s3cret")",
                           R"({"success":false,"data":{"token":"s3cret"}})", R"({"data":{"token":"s3cret )"})
    EXPECT_THAT(refusal(body), Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace platformer::console
