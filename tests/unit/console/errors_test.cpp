#include "console/errors.hpp"

#include <gmock/gmock.h>

namespace platformer::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

const time_point now = *parse_rfc3339("2026-11-24T10:00:00Z");
constexpr std::string_view envelope = R"({"errors":{"message":{"error":"no such thing"}}})";

api_error classified(int status, std::string_view body = envelope, call operation = call::get_account) {
  return classify(operation,
                  {.status = status, .body = body, .content_type = "", .retry_after = "", .date = ""}, {},
                  now);
}

TEST(Classify, EveryStatusHasItsCode) {
  const std::vector<std::pair<int, api_errc>> table = {
      {400, api_errc::bad_request},  {401, api_errc::unauthorized}, {402, api_errc::bad_request},
      {403, api_errc::forbidden},    {404, api_errc::not_found},    {405, api_errc::bad_request},
      {408, api_errc::unreachable},  {409, api_errc::conflict},     {410, api_errc::not_found},
      {413, api_errc::too_large},    {418, api_errc::bad_request},  {422, api_errc::invalid},
      {425, api_errc::unreachable},  {429, api_errc::rate_limited}, {301, api_errc::redirected},
      {304, api_errc::redirected},   {308, api_errc::redirected},   {500, api_errc::server_error},
      {503, api_errc::server_error}, {599, api_errc::server_error}, {101, api_errc::malformed},
      {600, api_errc::malformed},    {999, api_errc::malformed}};
  for (const auto& [status, code] : table) {
    EXPECT_EQ(classified(status).code, code) << status;
    EXPECT_EQ(classified(status).http_status, status);
  }
}

TEST(Classify, AConflictOnCreateIsATakenName) {
  EXPECT_EQ(classified(409, envelope, call::create_account).code, api_errc::already_exists);
}

TEST(Classify, NoRefusalIsInDoubt) {
  for (int status = 400; status < 500; ++status)
    EXPECT_FALSE(may_be_committed(classified(status).code)) << status;
  for (int status = 500; status < 600; ++status)
    EXPECT_TRUE(may_be_committed(classified(status).code)) << status;
}

TEST(Classify, TheMessageIsTheConsolesOwn) {
  EXPECT_EQ(classified(400).message, "getServiceAccount: no such thing");
  EXPECT_EQ(classified(400, R"({"errors":{"message":"plain"}})").message, "getServiceAccount: plain");
  EXPECT_EQ(classified(400, R"({"message":"plain"})").message, "getServiceAccount: plain");
  EXPECT_EQ(classified(400, R"({"error":"plain"})").message, "getServiceAccount: plain");
}

TEST(Classify, WithoutReadableReasonItSaysSo) {
  for (const std::string& body :
       {std::string(), std::string("oops"), std::string("{"), std::string("null"),
        std::string(R"({"errors":[]})"), std::string(R"({"errors":{"message":{"error":7}}})"),
        std::string(R"({"errors":{"message":{"error":""}}})"), std::string(5000, '[')})
    EXPECT_EQ(classified(500, body).message, "getServiceAccount: the Console gave no reason")
        << body.substr(0, 40);
}

TEST(Classify, TheMessageIsCleanedAndShortened) {
  EXPECT_EQ(classified(400, R"({"errors":{"message":{"error":"a\r\n\u001b[2Jb"}}})").message,
            "getServiceAccount: a [2Jb");
  EXPECT_LT(classified(400, R"({"errors":{"message":{"error":")" + std::string(9000, 'a') + R"("}}})")
                .message.size(),
            300U);
}

TEST(Classify, AWebPageProvesNothing) {
  for (const int status : {401, 403, 404, 410})
    for (const refusal& page :
         {refusal{status, "<html>", "", "", ""}, refusal{status, " \n<!DOCTYPE>", "", "", ""},
          refusal{status, "", "Text/HTML; charset=utf-8", "", ""}}) {
      const api_error error = classify(call::get_account, page, {}, now);
      EXPECT_EQ(error.code, api_errc::bad_request) << status;
      EXPECT_EQ(error.http_status, status);
      EXPECT_THAT(error.message, HasSubstr("check spec.gateway and spec.routes"));
    }
  EXPECT_EQ(classified(503, "<html>").code, api_errc::server_error);
  EXPECT_EQ(classified(404, "").code, api_errc::not_found);
}

TEST(Classify, NoSecretGetsIntoTheMessage) {
  const std::array<std::string_view, 2> secrets = {"s3/cret", "other"};
  for (const char* body : {R"({"errors":{"message":{"error":"token s3/cret is bad"}}})",
                           R"({"errors":{"message":{"error":"token s3\/cret is bad"}}})",
                           R"({"errors":{"message":{"error":"token s3\u002fcret is bad"}}})"}) {
    const refusal reply{400, body, "", "", ""};
    EXPECT_EQ(classify(call::renew_token, reply, secrets, now).message,
              "renewServiceAccountToken: token ******* is bad");
  }
  const std::string at_the_limit =
      R"({"errors":{"message":{"error":")" + std::string(250, 'a') + R"(s3/cret"}}})";
  EXPECT_THAT(classify(call::get_account, {400, at_the_limit, "", "", ""}, secrets, now).message,
              Not(HasSubstr("s3")));
}

TEST(RetryAfter, SecondsBetweenZeroAndAnHour) {
  EXPECT_EQ(parse_retry_after("7", now), duration(7s));
  EXPECT_EQ(parse_retry_after("0", now), duration(0s));
  EXPECT_EQ(parse_retry_after("86400", now), duration(1h));
  EXPECT_EQ(parse_retry_after("99999999999999999999999", now), duration(1h));
  for (const char* text : {"", "-1", "+1", "1.5", "soon", "1 ", " 1"})
    EXPECT_FALSE(parse_retry_after(text, now)) << text;
}

TEST(RetryAfter, ADateOnTheServersClock) {
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 10:00:30 GMT", now), duration(30s));
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 09:00:00 GMT", now), duration(0s));
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2099 09:00:00 GMT", now), duration(1h));
  const refusal reply{429, "", "", "Tue, 24 Nov 2026 12:00:30 GMT", "Tue, 24 Nov 2026 12:00:00 GMT"};
  EXPECT_EQ(classify(call::get_account, reply, {}, now).retry_after, duration(30s));
}

TEST(RetryAfter, AbsentIsAbsent) {
  EXPECT_FALSE(classified(429).retry_after);
}

}  // namespace
}  // namespace platformer::console
