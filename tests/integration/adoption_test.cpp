// What an earlier object of the same name left behind, as people produce it: deleted and created again while
// the operator was away, or restored from a backup.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// The object goes without its finalizer having been honoured; its Secret stays, with no owner. The operator
// is away.
void lose_the_object(scenario& it, const std::string& name) {
  it.the_operator().stop();
  it.kube.must({"patch", "psa", name, "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
  it.kube.must({"delete", "psa", name, "--cascade=orphan", "--timeout=60s"});
  ASSERT_TRUE(eventually(90s, [&] {
    return !it.kube.object("secret/" + name + "-token")["metadata"].contains("ownerReferences");
  }));
}

void expect_adopted_with_another_token(scenario& it, const std::string& name) {
  ASSERT_TRUE(it.kube.wait("psa/" + name, "condition=Ready", usual_wait));
  EXPECT_EQ(it.kube.object("psa/" + name)["status"]["token"]["cause"], "Adoption");
  EXPECT_TRUE(it.console.is_live(token_of(it, name + "-token")));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 2);
}

TEST(adoption, a_live_token_is_kept_and_only_the_marker_and_the_owner_change) {
  scenario it;
  make_ready(it, "ci-bot");
  const std::string token = token_of(it, "ci-bot-token");
  const std::string id = it.kube.object("psa/ci-bot")["status"]["accountID"];
  lose_the_object(it, "ci-bot");
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_TRUE(it.console.is_live(token));
  const auto object = it.kube.object("psa/ci-bot");
  EXPECT_EQ(object["status"]["accountID"], id);
  EXPECT_THAT(it.console.accounts()[0]["description"].get<std::string>(),
              HasSubstr(object["metadata"]["uid"].get<std::string>()));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_EQ(it.console.accounts()[0]["tokens_issued"], 1);
}

TEST(adoption, a_lost_secret_is_minted_once_for_the_same_account) {
  scenario it;
  make_ready(it, "ci-bot");
  lose_the_object(it, "ci-bot");
  it.kube.must({"delete", "secret", "ci-bot-token"});
  it.kube.apply(service_account_yaml("ci-bot"));
  it.start_operator();
  expect_adopted_with_another_token(it, "ci-bot");
}

// A new object: nothing at the cluster tells of the one before.
TEST(adoption, a_lost_secret_is_minted_once_when_the_object_comes_back_after_a_look) {
  scenario it;
  it.connect("interval: 1s");
  make_ready(it, "ci-bot");
  lose_the_object(it, "ci-bot");
  it.kube.must({"delete", "secret", "ci-bot-token"});
  it.start_operator();
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return part_of(it.kube.object("pcc/default"), "/status/orphans") == nlohmann::json::array({"ci-bot"});
  }));
  it.kube.apply(service_account_yaml("ci-bot"));
  expect_adopted_with_another_token(it, "ci-bot");
}

TEST(adoption, never_leaves_what_a_predecessor_left) {
  scenario it;
  make_ready(it, "ci-bot");
  lose_the_object(it, "ci-bot");
  const std::string token = token_of(it, "ci-bot-token");
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot", "adoptionPolicy: Never"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "SecretNotOwned"));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_EQ(it.console.accounts().size(), 1U);
}

TEST(adoption, a_secret_that_its_owner_hands_over_is_taken) {
  scenario it;
  it.connect();
  it.kube.must({"create", "secret", "generic", "ci-bot-token", "--from-literal=other=kept"});
  it.kube.must({"annotate", "secret", "ci-bot-token", "console.platformer.com/take-over=ci-bot"});
  it.start_operator();
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_EQ(token_of(it, "ci-bot-token", "other"), "kept");
}

}  // namespace
}  // namespace platformer::test
