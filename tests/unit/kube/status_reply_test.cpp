#include "kube/status_reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/digest.hpp"

namespace platformer::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const time_point now = *parse_rfc3339("2026-11-23T08:00:00Z");

std::string status(const std::string& reason, const std::string& message,
                   const nlohmann::json& details = nullptr) {
  return nlohmann::json{{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Failure"},
                        {"reason", reason}, {"message", message}, {"details", details}}
      .dump();
}

api_error decode(int http_status, const std::string& body, message_policy policy = message_policy::full,
                 const sent_values& sent = {}) {
  return decode_error({http_status, "", body, now}, policy, sent);
}

TEST(an_error_reply, is_classified_by_status_and_reason) {
  struct row {
    int http_status;
    std::string reason;
    api_errc code;
  };
  const std::vector<row> table = {
      {301, "", api_errc::redirected},
      {400, "BadRequest", api_errc::bad_request},
      {400, "Expired", api_errc::gone},
      {401, "Unauthorized", api_errc::unauthorized},
      {403, "Forbidden", api_errc::forbidden},
      {404, "NotFound", api_errc::not_found},
      {405, "MethodNotAllowed", api_errc::bad_request},
      {409, "AlreadyExists", api_errc::already_exists},
      {409, "Conflict", api_errc::conflict},
      {409, "", api_errc::conflict},
      {410, "Expired", api_errc::gone},
      {413, "RequestEntityTooLarge", api_errc::too_large},
      {415, "UnsupportedMediaType", api_errc::bad_request},
      {422, "Invalid", api_errc::invalid},
      {429, "TooManyRequests", api_errc::rate_limited},
      {500, "InternalError", api_errc::server_error},
      {503, "ServiceUnavailable", api_errc::server_error},
      {504, "Timeout", api_errc::server_error},
      {101, "", api_errc::malformed},
  };
  for (const auto& each : table) {
    const auto failure = decode(each.http_status, status(each.reason, "words"));
    EXPECT_EQ(failure.code, each.code) << each.http_status << " " << each.reason;
    EXPECT_EQ(failure.http_status, each.http_status);
    EXPECT_EQ(failure.message, "words");
  }
}

TEST(an_error_reply, without_a_status_is_still_classified_and_its_body_not_repeated) {
  const std::vector<std::string> bodies = {"",
                                           "<html>s3cr3t</html>",
                                           "s3cr3t",
                                           "[]",
                                           "null",
                                           "{\"kind\":\"Secret\"}",
                                           std::string(100'000, '['),
                                           "{\"kind\":\"Status\",\"message\":\"\xff\"}",
                                           std::string(1'000'000, 'x')};
  for (const auto& body : bodies) {
    const auto failure = decode(502, body);
    EXPECT_EQ(failure.code, api_errc::server_error);
    EXPECT_EQ(failure.message, "the reply is no Kubernetes Status");
  }
}

TEST(an_error_reply, with_fields_of_wrong_types_is_harmless) {
  const auto failure =
      decode(409, R"({"kind":"Status","reason":7,"message":[],"details":{"causes":[1,{"field":{}}]}})");
  EXPECT_EQ(failure.code, api_errc::conflict);
  EXPECT_EQ(failure.message, "");
}

TEST(an_error_message, is_cleaned_and_adds_causes_that_it_does_not_tell) {
  const nlohmann::json causes = {
      {"causes",
       {{{"field", "spec.a"}, {"message", "told"}, {"reason", "FieldValueInvalid"}},
        {{"field", "spec.b"}, {"message", "is too long"}}}}};
  EXPECT_EQ(decode(422, status("Invalid", "x is\nwrong: told", causes)).message,
            "x is wrong: told; spec.b: is too long");
  EXPECT_LE(decode(422, status("Invalid", std::string(5000, 'a'))).message.size(), 512U);
}

TEST(retry_after, comes_from_the_header_or_the_details_and_is_bounded) {
  EXPECT_EQ(parse_retry_after("7", now), std::chrono::seconds(7));
  EXPECT_EQ(parse_retry_after("0", now), std::chrono::seconds(0));
  EXPECT_EQ(parse_retry_after("Mon, 23 Nov 2026 08:00:30 GMT", now), std::chrono::seconds(30));
  EXPECT_EQ(parse_retry_after("Mon, 23 Nov 2020 08:00:30 GMT", now), std::chrono::seconds(0));
  EXPECT_EQ(parse_retry_after("9000000000000", now), longest_retry_after);
  for (const char* bad : {"", "-1", "soon", "7s", "99999999999999999999"})
    EXPECT_EQ(parse_retry_after(bad, now), std::nullopt) << bad;
  EXPECT_EQ(decode(429, status("TooManyRequests", "m", {{"retryAfterSeconds", 3}})).retry_after,
            std::chrono::seconds(3));
  EXPECT_EQ(
      decode_error({429, "5", status("TooManyRequests", "m", {{"retryAfterSeconds", 3}}), now}).retry_after,
      std::chrono::seconds(5));
}

struct guarded {
  std::string token = "pk_live_Zq8v1LmT4xW9-secret";
  sent_values sent = {std::make_shared<const secret_string>(std::string_view(token))};
  std::string say(const std::string& message, const nlohmann::json& details = nullptr) {
    return decode(422, status("Invalid", message, details), message_policy::guarded, sent).message;
  }
};

TEST(a_guarded_message, is_kept_when_it_only_explains) {
  guarded it;
  const std::string quota =
      R"(secrets "x" is forbidden: exceeded quota: no-secrets, requested: count/secrets=1, used: count/secrets=10, )"
      R"(limited: count/secrets=10)";
  EXPECT_EQ(it.say(quota), quota);
  const std::string webhook =
      R"(admission webhook "vet.example.com" denied the request: label "team" is missing)";
  EXPECT_EQ(it.say(webhook), webhook);
}

TEST(a_guarded_message, is_dropped_when_it_quotes_a_value_in_any_form) {
  guarded it;
  std::string base64;
  net::base64_append(base64, it.token);
  const std::vector<std::string> quotes = {
      "bad value " + it.token,
      "bad value " + it.token.substr(5, 9) + "…",
      "bad value " + base64,
      "illegal data, error found in #10 byte of ...|" + base64.substr(3, 12) + "|...",
      "bytes [112 107 95 108 105 118 101 95 90]",
      "bytes []byte{0x70, 0x6b, 0x5f, 0x6c, 0x69, 0x76, 0x65, 0x5f, 0x5a}",
      "hex 706b5f6c6976655f5a",
      "hex 706B5F6C6976655F5A",
      "twice encoded Y0d0ZmJHbDJaVjlhY1RoMk1VeHRWRFI0VnprdGMyVmpjbVYw",
  };
  for (const auto& each : quotes)
    EXPECT_EQ(it.say(each), "Invalid") << each;
}

TEST(a_guarded_message, hidden_by_control_characters_or_length_is_dropped_too) {
  guarded it;
  EXPECT_EQ(it.say(std::string(20'000, 'a') + it.token), "Invalid");
  EXPECT_EQ(it.say("x", {{"causes", {{{"message", "y " + it.token}, {"field", "data"}}}}}), "Invalid (data)");
}

TEST(a_reduced_message, tells_reason_fields_and_their_types) {
  const nlohmann::json details = {
      {"causes",
       {{{"field", "data[token]"}, {"reason", "FieldValueInvalid"}, {"message", "s3cr3t"}},
        {{"field", "data: s3cr3t!"}, {"message", "s3cr3t"}}}}};
  const auto failure = decode(422, status("Invalid", "s3cr3t", details), message_policy::reduced);
  EXPECT_EQ(failure.message, "Invalid (data[token]: FieldValueInvalid)");
  EXPECT_EQ(decode(422, status("s3cr3t reason", "s3cr3t"), message_policy::reduced).message,
            "the server gave no reason");
}

}  // namespace
}  // namespace platformer::kube
