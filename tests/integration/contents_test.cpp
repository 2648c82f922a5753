// What stands in the Secret besides the token, as the apiserver stored it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/base64.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/kubeconfig.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::UnorderedElementsAre;

std::vector<std::string> keys_of(scenario& it, const std::string& secret) {
  std::vector<std::string> keys;
  const nlohmann::json object = it.kube.object("secret/" + secret);
  for (const auto& [key, value] : object["data"].items())
    keys.push_back(key);
  return keys;
}

std::string base64(const std::string& text) {
  std::string out;
  base64_append(out, text);
  return out;
}

// Comparisons of texts with a token in them, which a failure must not print.
bool same(const std::string& a, const std::string& b) {
  return a == b;
}

TEST(contents, templates_know_all_names_and_base64_of_each) {
  scenario it;
  make_ready(it, "ci-bot",
             "project: storefront\n"
             "token: {expiresAt: \"2101-02-03T04:05:06Z\"}\n"
             "secret:\n"
             "  template:\n"
             "    .npmrc: \"//registry/:_authToken=${token}\\n\"\n"
             "    ids: \"${account-id} ${organization-id} ${project-id}\"\n"
             "    where: \"${gateway} until ${expires-at}, for $$5\"\n"
             "    login: \"${base64:token}.${base64:account-id}\"\n"
             "    config.json: '{\"nested\": {\"$${not-a-name}\": \"\"}}'\n");
  const std::string token = token_of(it, "ci-bot-token");
  const std::string id = it.kube.object("psa/ci-bot")["status"]["accountID"];
  ASSERT_TRUE(it.console.is_live(token));
  EXPECT_TRUE(same(token_of(it, "ci-bot-token", ".npmrc"), "//registry/:_authToken=" + token + "\n"));
  EXPECT_EQ(token_of(it, "ci-bot-token", "ids"), id + " " + it.console.organization_id() + " prj-storefront");
  EXPECT_EQ(token_of(it, "ci-bot-token", "where"),
            it.console.gateway() + " until 2101-02-03T04:05:06Z, for $5");
  EXPECT_TRUE(same(token_of(it, "ci-bot-token", "login"), base64(token) + "." + base64(id)));
  EXPECT_EQ(token_of(it, "ci-bot-token", "config.json"), R"({"nested": {"${not-a-name}": ""}})");
}

TEST(contents, a_changed_template_is_written_without_a_new_token_and_a_dropped_key_goes) {
  scenario it;
  make_ready(it, "ci-bot", "secret: {template: {a: \"one ${token}\", b: two}}");
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must(
      {"patch", "secret", "ci-bot-token", "--type=merge", "-p", R"({"stringData":{"mine":"kept"}})"});
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p",
                R"({"spec":{"secret":{"template":{"a":"now ${token}","b":null,"c":"three"}}}})"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return token_of(it, "ci-bot-token", "c") == "three"; }));
  EXPECT_TRUE(same(token_of(it, "ci-bot-token", "a"), "now " + token));
  EXPECT_THAT(keys_of(it, "ci-bot-token"), UnorderedElementsAre("a", "c", "mine", "token"));
  EXPECT_TRUE(same(token_of(it, "ci-bot-token"), token));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1);
}

TEST(contents, an_edited_text_is_put_right_and_renewed_with_the_token) {
  scenario it;
  make_ready(it, "ci-bot", "secret: {template: {a: \"${token}\"}}");
  it.kube.must({"patch", "secret", "ci-bot-token", "--type=merge", "-p", R"({"stringData":{"a":"other"}})"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return token_of(it, "ci-bot-token", "a") != "other"; }));
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_TRUE(same(token_of(it, "ci-bot-token", "a"), token_of(it, "ci-bot-token")));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token", "a")));
}

TEST(contents, a_docker_config_logs_in_to_its_registry) {
  scenario it;
  make_ready(it, "puller",
             "secret:\n"
             "  type: kubernetes.io/dockerconfigjson\n"
             "  registry: {host: \"registry.acme.io:5000\", username: 'platformer \"bot\"'}\n");
  EXPECT_EQ(it.kube.object("secret/puller-token")["type"], "kubernetes.io/dockerconfigjson");
  const auto config = nlohmann::json::parse(token_of(it, "puller-token", ".dockerconfigjson"));
  const auto& login = config.at("auths").at("registry.acme.io:5000");
  const std::string token = token_of(it, "puller-token");
  EXPECT_TRUE(it.console.is_live(token));
  EXPECT_EQ(login.at("username"), "platformer \"bot\"");
  EXPECT_TRUE(same(login.at("password"), token));
  EXPECT_TRUE(same(decode_base64(login.at("auth")), "platformer \"bot\":" + token));
}

TEST(contents, basic_auth_has_its_two_keys) {
  scenario it;
  make_ready(it, "puller", "secret: {type: kubernetes.io/basic-auth, registry: {username: bot}}");
  EXPECT_EQ(it.kube.object("secret/puller-token")["type"], "kubernetes.io/basic-auth");
  EXPECT_THAT(keys_of(it, "puller-token"), UnorderedElementsAre("username", "password"));
  EXPECT_EQ(token_of(it, "puller-token", "username"), "bot");
  EXPECT_TRUE(it.console.is_live(token_of(it, "puller-token", "password")));
}

TEST(contents, a_secret_that_moves_takes_its_texts_along) {
  scenario it;
  make_ready(it, "ci-bot", "secret: {template: {a: \"${token}\"}}");
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p", R"({"spec":{"secret":{"name":"moved"}}})"});
  ASSERT_TRUE(it.kube.wait("secret/ci-bot-token", "delete", usual_wait));
  EXPECT_TRUE(same(token_of(it, "moved", "a"), token));
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1);
}

TEST(contents, the_previous_token_lies_beside_the_new_one_until_the_overlap_ends) {
  scenario it;
  make_ready(it, "ci-bot", "token: {strategy: Replace, overlap: 1h}\nsecret: {previousKey: previous}");
  const std::string before = token_of(it, "ci-bot-token");
  EXPECT_THAT(keys_of(it, "ci-bot-token"), UnorderedElementsAre("token"));
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_TRUE(same(token_of(it, "ci-bot-token", "previous"), before));
  EXPECT_TRUE(it.console.is_live(before));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p", R"({"spec":{"token":{"overlap":"0s"}}})"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return keys_of(it, "ci-bot-token").size() == 1; }));
  EXPECT_FALSE(it.console.is_live(before));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

}  // namespace
}  // namespace platformer::test
