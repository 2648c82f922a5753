// Errors, retries and hostile servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/kube_client.hpp"
#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using json = nlohmann::json;
using testing::answers;
using testing::failure;
using testing::json_reply;
using testing::scripted_cluster;

const std::string object = R"({"metadata":{"name":"x","resourceVersion":"7"}})";
const object_key key{"apps", "x"};

auto get(scripted_cluster& it) {
  return it.run(it.client->get(resources::service_accounts(), key));
}
auto create(scripted_cluster& it) {
  return it.run(it.client->create(resources::service_accounts(), "apps", json{{"kind", "X"}}));
}

TEST(a_status, becomes_an_error_with_its_message) {
  scripted_cluster it({answers({failure(404, "NotFound", "serviceaccounts \"x\" not found"),
                                failure(409, "AlreadyExists", "x already exists"),
                                failure(422, "Invalid", "spec is wrong")})});
  EXPECT_EQ(get(it).error().code, api_errc::not_found);
  EXPECT_EQ(create(it).error().code, api_errc::already_exists);
  const auto invalid = create(it);
  EXPECT_EQ(invalid.error().code, api_errc::invalid);
  EXPECT_EQ(invalid.error().http_status, 422);
  EXPECT_EQ(invalid.error().message, "spec is wrong");
}

TEST(a_429, with_retry_after_is_sent_again_even_for_a_write) {
  scripted_cluster it({answers({failure(429, "TooManyRequests", "slow down", "Retry-After: 0\r\n"),
                                failure(503, "ServiceUnavailable", "starting", "Retry-After: 0\r\n"),
                                json_reply(201, object)})});
  ASSERT_TRUE(create(it));
  ASSERT_EQ(it.server.requests().size(), 3U);
  EXPECT_EQ(it.seen(2).line, it.seen(0).line);
  EXPECT_EQ(it.seen(2).body, R"({"kind":"X"})");
}

TEST(a_429, is_the_answer_without_retry_after_and_when_the_wait_is_beyond_the_deadline) {
  scripted_cluster it({answers({failure(429, "TooManyRequests", "slow down"),
                                failure(429, "TooManyRequests", "slow down", "Retry-After: 60\r\n")})});
  EXPECT_EQ(create(it).error().code, api_errc::rate_limited);
  const auto later = create(it);
  EXPECT_EQ(later.error().code, api_errc::rate_limited);
  EXPECT_EQ(later.error().retry_after, std::chrono::seconds(60));
  EXPECT_EQ(it.server.requests().size(), 2U);
}

TEST(a_429, is_not_followed_for_ever) {
  kube_client_options options;
  options.max_retries = 3;
  std::vector<std::string> replies(10, failure(429, "TooManyRequests", "slow down", "Retry-After: 0\r\n"));
  scripted_cluster it({answers(replies)}, options);
  EXPECT_EQ(get(it).error().code, api_errc::rate_limited);
  EXPECT_EQ(it.server.requests().size(), 4U);
}

TEST(a_broken_connection, is_tried_again_once_for_a_read) {
  const test::script broken = {test::read_request(), test::reset()};
  scripted_cluster once({broken, answers({json_reply(200, object)})});
  EXPECT_TRUE(get(once));
  scripted_cluster twice({broken, broken, answers({json_reply(200, object)})});
  EXPECT_EQ(get(twice).error().code, api_errc::connection_lost);
  EXPECT_EQ(twice.server.requests().size(), 2U);
}

TEST(a_broken_connection, is_never_tried_again_for_a_write) {
  scripted_cluster it({{test::read_request(), test::reset()}, answers({json_reply(201, object)})});
  EXPECT_EQ(create(it).error().code, api_errc::connection_lost);
  EXPECT_EQ(it.server.requests().size(), 1U);
}

TEST(a_broken_connection, in_the_middle_of_a_reply_is_no_reply) {
  const auto whole = json_reply(201, object);
  for (const std::size_t size : {std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    scripted_cluster it({{test::read_request(), test::reply(whole.substr(0, size))}});
    const auto reply = create(it);
    ASSERT_FALSE(reply) << size;
    EXPECT_TRUE(may_be_committed(reply.error().code)) << size;
  }
}

TEST(a_401, is_sent_again_once_with_a_fresh_credential) {
  auto credentials = std::make_shared<testing::changing_credentials>();
  scripted_cluster it({answers({failure(401, "Unauthorized", "no"), json_reply(201, object),
                                failure(401, "Unauthorized", "no"), failure(401, "Unauthorized", "no")})},
                      {}, credentials);
  EXPECT_TRUE(create(it));
  EXPECT_EQ(it.seen(0).headers.at("authorization"), "Bearer t1");
  EXPECT_EQ(it.seen(1).headers.at("authorization"), "Bearer t2");
  EXPECT_EQ(it.seen(1).body, it.seen(0).body);
  EXPECT_EQ(create(it).error().code, api_errc::unauthorized);
  EXPECT_EQ(it.server.requests().size(), 4U);
}

TEST(a_401, opens_a_watch_again_too) {
  auto credentials = std::make_shared<testing::changing_credentials>();
  // A stream has a connection of its own, so the second try is another one.
  scripted_cluster it({answers({failure(401, "Unauthorized", "no")}), answers({json_reply(200, "{}")})}, {},
                      credentials);
  EXPECT_TRUE(it.run(it.client->watch(resources::secrets(), "apps", {})));
  EXPECT_EQ(it.seen(1).headers.at("authorization"), "Bearer t2");
}

TEST(a_redirect, is_not_followed) {
  scripted_cluster it({answers({test::plain_reply(302, "", "Location: http://127.0.0.1:1/\r\n")})});
  EXPECT_EQ(get(it).error().code, api_errc::redirected);
  EXPECT_EQ(it.server.requests().size(), 1U);
}

TEST(a_silent_server, times_out) {
  kube_client_options options;
  options.request_timeout = std::chrono::milliseconds(30);
  scripted_cluster it({{test::read_request(), test::hold()}}, options);
  EXPECT_EQ(get(it).error().code, api_errc::timeout);
}

TEST(a_closed_client, answers_cancelled) {
  scripted_cluster it({{test::read_request(), test::hold()}});
  it.http->close();
  EXPECT_EQ(get(it).error().code, api_errc::cancelled);
}

TEST(a_hostile_body, is_malformed_and_never_quoted) {
  const std::vector<std::string> bodies = {
      "",
      "s3cr3t",
      "\"s3cr3t\"",
      "null",
      "[1]",
      "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
      std::string(100'000, '{'),
      "{\"s3cr3t\":\"\xff\xfe\"}",
      "<html><body>s3cr3t</body></html>",
      R"({"a":1)",
      R"({"a":1} {"b":2})",
  };
  for (const auto& body : bodies) {
    scripted_cluster it({answers({json_reply(200, body)})});
    const auto reply = get(it);
    ASSERT_FALSE(reply) << body.substr(0, 40);
    EXPECT_EQ(reply.error().code, api_errc::malformed) << body.substr(0, 40);
    EXPECT_THAT(reply.error().message, Not(HasSubstr("s3cr3t")));
  }
}

TEST(a_hostile_body, that_claims_a_hundred_megabytes_is_refused_at_its_header) {
  scripted_cluster it({{test::read_request(),
                        test::reply("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n{"), test::hold()}});
  EXPECT_EQ(get(it).error().code, api_errc::malformed);
}

TEST(a_hostile_error, page_is_classified_but_not_quoted) {
  const auto page = test::plain_reply(502, "<html>s3cr3t</html>", "Content-Type: text/html\r\n");
  scripted_cluster it({answers({page, test::plain_reply(404, "")})});
  const auto gateway = create(it);
  EXPECT_EQ(gateway.error().code, api_errc::server_error);
  EXPECT_THAT(gateway.error().message, Not(HasSubstr("s3cr3t")));
  EXPECT_EQ(get(it).error().code, api_errc::not_found);
}

TEST(a_hostile_watch, error_that_never_ends_is_cut) {
  scripted_cluster it(
      {{test::read_request(),
        test::reply("HTTP/1.1 500 Oops\r\nContent-Length: 104857600\r\n\r\n" + std::string(400'000, 'x')),
        test::hold()}});
  const auto stream = it.run(it.client->watch(resources::secrets(), "apps", {}));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, api_errc::server_error);
}

}  // namespace
}  // namespace platformer::kube
