// What the Secret holds beside the token: templates, and what its type asks for.
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {
namespace {

using namespace std::chrono_literals;

world with_template(std::string text) {
  world w = a_new_object();
  w.connection.gateway = "https://console.example";
  w.object.spec.secret.templates["config"] = std::move(text);
  return w;
}

std::string value(const world& w, std::string_view key) {
  const auto& data = w.secrets.at("ci-bot-token").data;
  const auto found = data.find(key);
  return found == data.end() ? "(none)" : std::string(found->second.value->reveal());
}

TEST(contents, are_written_with_the_token_in_one_write) {
  world w = with_template("${account-id} ${gateway} $${token}=${token}");
  EXPECT_EQ(play(w), "patch_intent, dry_run_secret, create_account, write_secret, patch_status");
  const std::string id = w.accounts.front().id;
  EXPECT_EQ(value(w, "config"), id + " https://console.example ${token}=" + w.live_tokens[id]);
  EXPECT_EQ(play(w), "");
}

TEST(contents, follow_a_renewal) {
  world w = with_template("t=${token}");
  play(w);
  w.annotate(names::renew_annotation, "one");
  EXPECT_EQ(settle(w), 1);
  EXPECT_EQ(value(w, "config"), "t=" + w.live_tokens[w.accounts.front().id]);
}

TEST(contents, follow_the_template_without_a_new_token) {
  world w = with_template("t=${token}");
  play(w);
  w.object.spec.secret.templates = {{"other", "u=${token}"}};
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(value(w, "config"), "(none)");
  EXPECT_EQ(value(w, "other"), "u=" + w.live_tokens[w.accounts.front().id]);
  EXPECT_EQ(value(w, "token"), w.live_tokens[w.accounts.front().id]);
  EXPECT_EQ(play(w), "");
}

TEST(contents, that_somebody_edits_are_put_right) {
  world w = with_template("t=${token}");
  play(w);
  w.secret().data["config"] = entry_of("edited");
  w.touch("ci-bot-token");
  EXPECT_EQ(play(w), "read_secret, write_secret");
  EXPECT_EQ(value(w, "config"), "t=" + w.live_tokens[w.accounts.front().id]);
}

TEST(contents, leave_other_keys_alone) {
  world w = with_template("t=${token}");
  play(w);
  w.secret().data["theirs"] = entry_of("kept");
  w.touch("ci-bot-token");
  settle(w);
  w.object.spec.secret.templates.clear();
  w.edit_spec();
  settle(w);
  EXPECT_EQ(value(w, "theirs"), "kept");
  EXPECT_EQ(value(w, "config"), "(none)");
}

TEST(contents, move_with_the_token) {
  world w = with_template("t=${token}");
  play(w);
  w.object.spec.secret.name = "elsewhere";
  w.edit_spec();
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.token("elsewhere", "config"), "t=" + w.live_tokens[w.accounts.front().id]);
  EXPECT_FALSE(w.has_secret());
}

TEST(contents, too_long_when_expanded_are_refused_before_anything_is_minted) {
  std::string text;
  for (int i = 0; i < 4000; ++i)
    text += "${base64:gateway}";
  world w = with_template(text);
  w.connection.gateway = "https://a-gateway-of-some-length.example";
  EXPECT_EQ(settle(w), 0);
  EXPECT_EQ(w.reason(), "InvalidSpec");
}

TEST(contents, of_a_registry_are_what_a_kubelet_reads) {
  world w = a_new_object();
  w.object.spec.secret.type = secret_type::docker_config;
  w.object.spec.secret.registry = registry_spec{"registry.example", "platformer"};
  transcript run(w);
  run.until<write_secret>();
  EXPECT_EQ(run.expect<write_secret>().write.type, "kubernetes.io/dockerconfigjson");
  run.play();
  EXPECT_NE(value(w, ".dockerconfigjson").find(R"("registry.example":{"username":"platformer","password":")"),
            std::string::npos);
}

}  // namespace
}  // namespace platformer::accounts::test
