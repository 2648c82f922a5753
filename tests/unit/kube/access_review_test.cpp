// TokenReview and SubjectAccessReview: what is sent, and what replies mean.
#include "kube/access_review.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using json = nlohmann::json;
using testing::answers;
using testing::failure;
using testing::json_reply;
using testing::scripted_cluster;

const std::string value = "eyJhbGciOi.canary-canary_canary";

token_handle token() {
  return std::make_shared<const secret_string>(std::string_view(value));
}

json reply(const json& status) {
  return {{"kind", "TokenReview"}, {"spec", {{"token", value}}}, {"status", status}};
}

const json prometheus = {{"username", "system:serviceaccount:monitoring:prometheus"},
                         {"uid", "u-1"},
                         {"groups", {"system:serviceaccounts", "system:authenticated"}},
                         {"extra", {{"authentication.kubernetes.io/pod-name", {"prometheus-0"}}}}};

TEST(token_review, is_sent_for_the_apiservers_own_audiences) {
  const secret_string body = encode_token_review(*token());
  EXPECT_EQ(json::parse(body.reveal()), (json{{"apiVersion", "authentication.k8s.io/v1"},
                                              {"kind", "TokenReview"},
                                              {"spec", {{"token", value}}}}));
}

TEST(token_review, names_the_user_with_all_that_authorization_may_ask_for) {
  const auto user = decode_token_review(reply({{"authenticated", true}, {"user", prometheus}}));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, "system:serviceaccount:monitoring:prometheus");
  EXPECT_EQ(user->uid, "u-1");
  EXPECT_THAT(user->groups, ElementsAre("system:serviceaccounts", "system:authenticated"));
  EXPECT_THAT(user->extra.at("authentication.kubernetes.io/pod-name"), ElementsAre("prometheus-0"));
}

TEST(token_review, of_nobodys_token_names_nobody) {
  for (const json& status :
       {json{{"authenticated", false}, {"error", "token has expired"}}, json{{"error", "invalid"}},
        json::object(), json{{"authenticated", false}, {"user", prometheus}},
        json{{"authenticated", "true"}, {"user", prometheus}}}) {
    const auto user = decode_token_review(reply(status));
    ASSERT_TRUE(user) << status;
    EXPECT_EQ(user->name, "") << status;
  }
}

TEST(token_review, that_says_nothing_understandable_is_a_failure) {
  EXPECT_FALSE(decode_token_review(json::object()));
  EXPECT_FALSE(decode_token_review(json::array()));
  EXPECT_FALSE(decode_token_review(reply({{"authenticated", true}})));
  EXPECT_FALSE(decode_token_review(reply({{"authenticated", true}, {"user", {{"username", ""}}}})));
  EXPECT_FALSE(decode_token_review(reply({{"authenticated", true}, {"user", "root"}})));
}

TEST(path_review, asks_for_that_user_path_and_verb) {
  const auto user = decode_token_review(reply({{"authenticated", true}, {"user", prometheus}}));
  json spec = encode_path_review(*user, "/metrics", "get")["spec"];
  EXPECT_EQ(spec, (json{{"user", prometheus["username"]},
                        {"uid", "u-1"},
                        {"groups", prometheus["groups"]},
                        {"extra", prometheus["extra"]},
                        {"nonResourceAttributes", {{"path", "/metrics"}, {"verb", "get"}}}}));
  EXPECT_EQ(encode_path_review({.name = "anna"}, "/metrics", "get")["spec"].size(), 2U);
}

TEST(path_review, is_yes_only_when_the_reply_says_so) {
  const auto says = [](const json& status) { return decode_path_review({{"status", status}}); };
  EXPECT_EQ(says({{"allowed", true}}).value(), true);
  EXPECT_EQ(says({{"allowed", false}}).value(), false);
  EXPECT_EQ(says({{"allowed", true}, {"denied", true}}).value(), false);
  EXPECT_FALSE(says(json::object()));
  EXPECT_FALSE(says({{"allowed", "true"}}));
  EXPECT_FALSE(decode_path_review(json::object()));
}

TEST(reviews, are_created_where_kubernetes_has_them) {
  scripted_cluster it(
      {answers({json_reply(201, reply({{"authenticated", true}, {"user", prometheus}}).dump()),
                json_reply(201, R"({"status":{"allowed":true}})")})});
  const auto user = it.run(it.client->review_token(token()));
  ASSERT_TRUE(user) << user.error().message;
  const auto allowed = it.run(it.client->review_path(*user, "/metrics", "get"));
  ASSERT_TRUE(allowed) << allowed.error().message;
  EXPECT_TRUE(*allowed);
  EXPECT_EQ(it.seen(0).line, "POST /apis/authentication.k8s.io/v1/tokenreviews HTTP/1.1");
  EXPECT_EQ(it.seen(1).line, "POST /apis/authorization.k8s.io/v1/subjectaccessreviews HTTP/1.1");
  EXPECT_EQ(it.seen(1).json()["spec"]["user"], "system:serviceaccount:monitoring:prometheus");
}

TEST(reviews, are_asked_again_when_the_connection_breaks) {
  const std::string good = json_reply(201, R"({"status":{"allowed":true}})");
  scripted_cluster it({{test::read_request()}, answers({good})});
  const auto allowed = it.run(it.client->review_path({.name = "anna"}, "/metrics", "get"));
  ASSERT_TRUE(allowed) << allowed.error().message;
  EXPECT_TRUE(*allowed);
}

TEST(reviews, that_fail_never_quote_the_token) {
  scripted_cluster it(
      {answers({failure(400, "BadRequest", "bad token " + value),
                json_reply(201, R"({"status":{"authenticated":true,"token":")" + value + "\"}}")})});
  for (int i = 0; i < 2; ++i) {
    const auto user = it.run(it.client->review_token(token()));
    ASSERT_FALSE(user);
    EXPECT_THAT(user.error().message, Not(HasSubstr("canary")));
  }
}

TEST(bearer_tokens, hold_what_rfc_6750_lets_them_hold) {
  EXPECT_TRUE(is_bearer_token("aZ09-._~+/=="));
  for (const char* bad : {"", "=", "==", "a=b", "a b", "a\"", "a\\", "a\n", "a,b"})
    EXPECT_FALSE(is_bearer_token(bad)) << bad;
}

}  // namespace
}  // namespace platformer::kube
