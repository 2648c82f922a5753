// What becomes of replies that refuse, lie or break.
#include <gmock/gmock.h>

#include "console/reply_body.hpp"
#include "tests/unit/console/client_fixture.hpp"

namespace platformer::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

account_fields named(std::string name) {
  account_fields fields;
  fields.name = std::move(name);
  return fields;
}

// Creates an account at a Console that gives this reply.
result<minted, api_error> created(std::string reply) {
  scripted_console console({std::move(reply)});
  return console.run(console.client().create_account(named("bot"), ""));
}

result<minted, api_error> created_with(const std::string& body, int status = 200) {
  return created(json_reply(status, body));
}

TEST(ConsoleClientFailures, ASuccessWithoutUsableTokenIsInDoubt) {
  for (const char* body :
       {"", "{}", "<html>", R"({"success":true,"data":{"id":"a1"}})",
        R"({"success":true,"data":{"token":"t"}})", R"({"success":false,"data":{"id":"a","token":"t"}})",
        R"({"data":{"id":"../a","token":"t"}})", R"({"data":{"id":"a1","token":"a b"}})"}) {
    const auto made = created_with(body);
    ASSERT_FALSE(made) << body;
    EXPECT_EQ(made.error().code, api_errc::malformed) << body;
    EXPECT_EQ(made.error().http_status, 200);
    EXPECT_TRUE(may_be_committed(made.error().code));
    EXPECT_THAT(made.error().message,
                ::testing::StartsWith("createServiceAccount: the reply can't be understood"));
  }
}

TEST(ConsoleClientFailures, Any2xxIsASuccess) {
  EXPECT_TRUE(created_with(R"({"success":true,"data":{"id":"a1","token":"t"}})", 201));
}

TEST(ConsoleClientFailures, ARenewalOfAnotherAccountIsNotBelieved) {
  scripted_console console({json_reply(200, R"({"success":true,"data":{"id":"a2","token":"s3cret"}})")});
  const auto made = console.run(console.client().renew_token("a1", std::nullopt, ""));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, api_errc::malformed);
  EXPECT_EQ(made.error().message,
            "renewServiceAccountToken: the reply can't be understood: it is about another account");
}

TEST(ConsoleClientFailures, ARenewalWithoutIdIsAboutTheAccountAskedFor) {
  scripted_console console({json_reply(200, R"({"success":true,"data":{"token":"t"}})")});
  EXPECT_EQ(console.run(console.client().renew_token("a1", std::nullopt, ""))->account_id, "a1");
}

TEST(ConsoleClientFailures, NeitherTheCredentialNorAnotherAccountsTokenIsTakenForANewOne) {
  const std::string first = R"({"success":true,"data":{"id":"a1","token":"t1"}})";
  scripted_console console({json_reply(200, first), json_reply(200, first),
                            json_reply(200, R"({"success":true,"data":{"id":"a2","token":"t1"}})"),
                            json_reply(200, R"({"success":true,"data":{"id":"a3","token":"credential"}})")});
  console.client().use_credential(token_of("credential"));
  ASSERT_TRUE(console.run(console.client().create_account({.name = "one"}, "")));
  const auto again = console.run(console.client().create_account({.name = "two"}, ""));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, api_errc::malformed);
  EXPECT_EQ(
      again.error().message,
      "createServiceAccount: the reply can't be understood: it was given out before, for another account");
  EXPECT_FALSE(console.run(console.client().renew_token("a2", std::nullopt, "")));
  const auto own = console.run(console.client().create_account({.name = "three"}, ""));
  ASSERT_FALSE(own);
  EXPECT_EQ(
      own.error().message,
      "createServiceAccount: the reply can't be understood: the token is the connection's own credential");
}

TEST(ConsoleClientFailures, ARefusalCarriesStatusReasonAndPatience) {
  const auto made =
      created(json_reply(429, R"({"errors":{"message":{"error":"slow down"}}})", "Retry-After: 17\r\n"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, api_errc::rate_limited);
  EXPECT_EQ(made.error().http_status, 429);
  EXPECT_EQ(made.error().message, "createServiceAccount: slow down");
  EXPECT_EQ(made.error().retry_after, duration(17s));
}

TEST(ConsoleClientFailures, RetryAfterAsADateIsReadByTheServersClock) {
  const auto made = created(json_reply(503, "",
                                       "Date: Tue, 24 Nov 2026 10:00:00 GMT\r\n"
                                       "Retry-After: Tue, 24 Nov 2026 10:01:00 GMT\r\n"));
  EXPECT_EQ(made.error().retry_after, duration(60s));
}

TEST(ConsoleClientFailures, ATakenNameIsToldApart) {
  EXPECT_EQ(created_with(R"({"errors":{"message":{"error":"exists"}}})", 409).error().code,
            api_errc::already_exists);
}

TEST(ConsoleClientFailures, TheCredentialIsMaskedInMessages) {
  const auto made =
      created_with(R"({"errors":{"message":{"error":"operator-credential is not allowed"}}})", 403);
  EXPECT_EQ(made.error().message, "createServiceAccount: ******************* is not allowed");
}

TEST(ConsoleClientFailures, RedirectsAreNotFollowed) {
  scripted_console console({test::plain_reply(302, "", "Location: /elsewhere\r\n")});
  const auto listed = console.run(console.client().list_organizations());
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, api_errc::redirected);
  EXPECT_EQ(console.requests().size(), 1U);
}

TEST(ConsoleClientFailures, AWebPageIsNoProofOfAnything) {
  const std::string page = test::plain_reply(404, "<html>", "Content-Type: text/html\r\n");
  const std::string block = test::plain_reply(403, "<html>", "Content-Type: text/html\r\n");
  scripted_console console({page, page, block});
  EXPECT_EQ(console.run(console.client().get_account("a1", "")).error().code, api_errc::bad_request);
  EXPECT_EQ(console.run(console.client().delete_account("a1", "")).error().code, api_errc::bad_request);
  EXPECT_EQ(console.run(console.client().validate_token(token_of("t"))).error().code, api_errc::bad_request);
}

TEST(ConsoleClientFailures, AnAccountThatIsNotTheOneAskedForIsNotBelieved) {
  scripted_console console({json_reply(200, R"({"success":true,"data":{"id":"a2"}})")});
  EXPECT_EQ(console.run(console.client().get_account("a1", "")).error().code, api_errc::malformed);
}

TEST(ConsoleClientFailures, ASuccessThatIsNoneIsNotBelieved) {
  const std::string no = json_reply(200, R"({"success":false})");
  scripted_console console({no, no, no});
  EXPECT_EQ(console.run(console.client().validate_token(token_of("t"))).error().code, api_errc::malformed);
  EXPECT_EQ(console.run(console.client().delete_account("a1", "")).error().code, api_errc::malformed);
  EXPECT_EQ(console.run(console.client().update_account("a1", {}, "")).error().code, api_errc::malformed);
}

TEST(ConsoleClientFailures, ABodyBeyondTheLimitIsMalformed) {
  EXPECT_EQ(created_with(std::string(max_body_bytes + 1, ' ')).error().code, api_errc::malformed);
}

TEST(ConsoleClientFailures, ABrokenConnectionIsInDoubtAndNamesTheOperation) {
  scripted_console console({});
  const auto made = console.run(console.client().create_account(named("bot"), ""));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, api_errc::connection_lost);
  EXPECT_THAT(made.error().message, ::testing::StartsWith("createServiceAccount: "));
}

TEST(ConsoleClientFailures, AReplyCutOffAnywhereIsInDoubtAndLeaksNothing) {
  const std::string whole = json_reply(200, R"({"success":true,"data":{"id":"a1","token":"s3cret"}})");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto made = created(whole.substr(0, size));
    ASSERT_FALSE(made) << size;
    EXPECT_TRUE(may_be_committed(made.error().code)) << size;
    EXPECT_THAT(made.error().message, Not(HasSubstr("s3cret")));
  }
  EXPECT_TRUE(created(whole));
}

TEST(ConsoleClientFailures, TheTimeoutOfTheConnectionIsTheDeadline) {
  boost::asio::io_context io;
  test::scripted_server server(io.get_executor(), {{test::read_request(), test::hold()}});
  console_settings settings;
  settings.at.target = {
      .tls = false, .host = "127.0.0.1", .port = server.port(), .server_name = {}, .via = {}};
  settings.timeout = 30ms;
  console_client client(io.get_executor(), settings, nullptr);
  client.use_credential(token_of("c"));
  std::optional<api_errc> code;
  boost::asio::co_spawn(io, client.list_organizations(),
                        [&](std::exception_ptr, auto listed) { code = listed.error().code; });
  while (!code && io.run_one() != 0) {
  }
  EXPECT_EQ(code, api_errc::timeout);
}

TEST(ConsoleClientFailures, WhatCanNotBeSentSafelyIsNotSent) {
  scripted_console console({});
  for (const char* id : {"a/b", "..", "a b", "a\r\nX: y", "a%2fb"})
    EXPECT_EQ(console.run(console.client().delete_account(id, "")).error().code, api_errc::bad_request) << id;
  EXPECT_EQ(console.run(console.client().list_accounts("p\r\n1")).error().code, api_errc::bad_request);
  EXPECT_THAT(console.run(console.client().get_account("", "")).error().message,
              HasSubstr("needs an ID for {id}"));
  console.client().use_organization("");
  EXPECT_THAT(console.run(console.client().list_projects()).error().message, HasSubstr("organization's ID"));
  console.client().use_credential(nullptr);
  EXPECT_EQ(console.run(console.client().list_organizations()).error().code, api_errc::unauthorized);
  console.client().use_credential(token_of("a\r\nb"));
  EXPECT_EQ(console.run(console.client().list_organizations()).error().code, api_errc::unauthorized);
  EXPECT_EQ(console.requests().size(), 0U);
}

TEST(ConsoleClientFailures, AnUnusableTokenIsNotLiveAndNotSent) {
  scripted_console console({});
  EXPECT_FALSE(*console.run(console.client().validate_token(nullptr)));
  EXPECT_FALSE(*console.run(console.client().validate_token(token_of("a\nb"))));
  EXPECT_EQ(console.requests().size(), 0U);
}

}  // namespace
}  // namespace platformer::console
