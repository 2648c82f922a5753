// Secrets: a tenant's object writes its own Secret and no other, whatever name it asks for, and puts nothing
// into it that is not the tenant's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

std::string version_of(scenario& it, const std::string& secret) {
  return it.kube.object("secret/" + secret)["metadata"]["resourceVersion"];
}

TEST(attack_secrets, foreign_secrets_the_operators_own_and_kubernetes_tokens_are_not_written) {
  scenario it;
  make_ready(it, "first");
  it.kube.must({"create", "secret", "generic", "foreign", "--from-literal=password=theirs"});
  it.kube.create(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: sa-token, annotations: "
      "{kubernetes.io/service-account.name: default}}\ntype: kubernetes.io/service-account-token\n");
  ASSERT_TRUE(eventually(usual_wait, [&] { return it.kube.object("secret/sa-token").contains("data"); }));
  const std::vector<std::string> targets{"foreign", "sa-token", "console-credentials", "first-token"};
  std::vector<std::string> before;
  for (const std::string& each : targets)
    before.push_back(version_of(it, each));
  for (const std::string& each : targets)
    it.kube.apply(service_account_yaml("at-" + each, "secret: {name: " + each + "}"));
  for (const std::string& each : targets)
    EXPECT_TRUE(comes_to_reason(it, "psa/at-" + each, "SecretNotOwned"));
  for (std::size_t i = 0; i < targets.size(); ++i)
    EXPECT_EQ(version_of(it, targets[i]), before[i]) << targets[i];
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U) << "first's own";
  it.kube.must({"delete", "psa", "at-foreign", "at-console-credentials", "--timeout=30s"});
  EXPECT_EQ(version_of(it, "foreign"), before[0]);
  EXPECT_EQ(version_of(it, "console-credentials"), before[2]);
  EXPECT_TRUE(it.console.is_live(token_of(it, "first-token")));
}

TEST(attack_secrets, a_token_is_not_moved_onto_a_foreign_secret) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"create", "secret", "generic", "foreign", "--from-literal=password=theirs"});
  const std::string version = version_of(it, "foreign");
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p", R"({"spec":{"secret":{"name":"foreign"}}})"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "SecretNotOwned"));
  EXPECT_EQ(version_of(it, "foreign"), version);
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_TRUE(it.console.is_live(token));
}

// The annotation is its owner's word for one object by name.
TEST(attack_secrets, a_hand_over_to_another_is_not_used) {
  scenario it;
  it.connect();
  it.kube.must({"create", "secret", "generic", "foreign", "--from-literal=password=theirs"});
  it.kube.must({"annotate", "secret", "foreign", "console.platformer.com/take-over=somebody-else"});
  const std::string version = version_of(it, "foreign");
  it.start_operator();
  it.kube.apply(service_account_yaml("at-foreign", "secret: {name: foreign}"));
  ASSERT_TRUE(comes_to_reason(it, "psa/at-foreign", "SecretNotOwned"));
  EXPECT_EQ(version_of(it, "foreign"), version);
  EXPECT_EQ(it.console.calls("createServiceAccount"), 0U);
}

TEST(attack_secrets, reserved_labels_and_annotations_can_not_be_asked_for) {
  scenario it;
  make_ready(it, "ci-bot", "secret: {labels: {team: a}, annotations: {note: b}}");
  const auto before = it.kube.object("secret/ci-bot-token")["metadata"];
  for (const std::string key :
       {"console.platformer.com/account-id", "console.platformer.com/managed-credential",
        "console.platformer.com/take-over", "app.kubernetes.io/managed-by",
        "Console.Platformer.com/revision"})
    for (const char* where : {"labels", "annotations"}) {
      const json change{{"spec", {{"secret", {{where, {{key, "forged"}}}}}}}};
      EXPECT_NE(it.kube.run({"patch", "psa", "ci-bot", "--type=merge", "-p", change.dump()}).exit_code, 0)
          << where << " " << key;
    }
  // What only resembles ours is the tenant's own affair, and ours stays as it is.
  const json alike{
      {"spec", {{"secret", {{"annotations", {{"x.console.platformer.com/account-id", "forged"}}}}}}}};
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p", alike.dump()});
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return it.kube.object("secret/ci-bot-token")["metadata"]["annotations"].contains(
        "x.console.platformer.com/account-id");
  }));
  const auto after = it.kube.object("secret/ci-bot-token")["metadata"];
  for (const char* ours : {"account-id", "revision", "operation-id", "fingerprint"}) {
    const std::string key = std::string("console.platformer.com/") + ours;
    EXPECT_EQ(after["annotations"][key], before["annotations"][key]);
  }
}

TEST(attack_secrets, a_template_holds_the_objects_own_values_only) {
  scenario it;
  it.connect();
  it.start_operator();
  for (const std::string text :
       {"${credential}", "${secret:console-credentials}", "${env:HOME}", "${file:/etc/passwd}",
        "${connection}", "${base64:credential}", "${token.length}", "${}"}) {
    const std::string spec = "secret: {template: {a: '" + text + "'}}";
    EXPECT_NE(it.kube.run({"apply", "-f", "-"}, service_account_yaml("bad", spec)).exit_code, 0) << text;
  }
  it.kube.apply(service_account_yaml(
      "ci-bot",
      "secret: {template: {all: '$${token} ${account-id} ${organization-id} ${project-id} ${gateway}'}}"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  const std::string id = it.kube.object("psa/ci-bot")["status"]["accountID"];
  EXPECT_EQ(token_of(it, "ci-bot-token", "all"), "${token} " + id + " org-acme  " + it.console.gateway());
  const std::string credential = token_of(it, "console-credentials");
  for (const auto& [key, value] : it.kube.object("secret/ci-bot-token")["data"].items())
    EXPECT_EQ(token_of(it, "ci-bot-token", key).find(credential), std::string::npos) << key;
}

}  // namespace
}  // namespace platformer::test
