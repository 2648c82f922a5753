// Backups as people make them, with kubectl: what comes back has no status, new UIDs, and owner references
// that lead nowhere. docs/runbooks says what to do in each case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* spec = "project: storefront\npermissions: [rudder.app.viewer]";

void make_two(scenario& it, operator_options options = {}) {
  it.connect("timeout: 2s");
  it.start_operator(std::move(options));
  it.kube.apply(service_account_yaml("a", spec) + "---\n" + service_account_yaml("b"));
  ASSERT_TRUE(it.kube.wait("psa/a", "condition=Ready", usual_wait));
  ASSERT_TRUE(it.kube.wait("psa/b", "condition=Ready", usual_wait));
}

struct backup {
  std::string objects;  // kubectl get psa -o yaml
  json secrets;         // kubectl get secrets -l … -o json
};

backup save(scenario& it) {
  return {it.kube.must({"get", "psa", "-o", "yaml"}),
          json::parse(it.kube.must(
              {"get", "secrets", "-l", "app.kubernetes.io/managed-by=platformer-operator", "-o", "json"}))};
}

// As the runbooks' jq does it.
std::string without_owners(json secrets) {
  for (json& each : secrets["items"])
    each["metadata"].erase("ownerReferences");
  return secrets.dump();
}

// Objects and Secrets are lost at once, and nobody honours the finalizers.
void lose_everything(scenario& it) {
  it.the_operator().stop();
  for (const std::string name : {"a", "b"}) {
    it.kube.must({"patch", "psa", name, "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
    it.kube.must({"delete", "psa", name, "--timeout=30s"});
    it.kube.must({"delete", "secret", name + "-token", "--ignore-not-found"});
  }
}

testing::AssertionResult both_ready(scenario& it) {
  if (const auto a = it.kube.wait("psa/a", "condition=Ready", usual_wait); !a) return a;
  return it.kube.wait("psa/b", "condition=Ready", usual_wait);
}

// Two accounts, each with the live token of its Secret; `issued` times for each.
void expect_whole(scenario& it, int issued) {
  ASSERT_EQ(it.console.accounts().size(), 2U);
  for (const std::string name : {"a", "b"}) {
    const json account = it.console.account(it.kube.object("psa/" + name)["status"]["accountID"]);
    EXPECT_EQ(account["tokens_issued"], issued) << name;
    EXPECT_THAT(account["description"].get<std::string>(),
                HasSubstr(it.kube.object("psa/" + name)["metadata"]["uid"].get<std::string>()));
    EXPECT_TRUE(it.console.is_live(token_of(it, name + "-token"))) << name;
    EXPECT_EQ(it.kube.object("secret/" + name + "-token")["metadata"]["ownerReferences"][0]["uid"],
              it.kube.object("psa/" + name)["metadata"]["uid"]);
  }
}

TEST(backup, an_object_deleted_and_created_again_has_one_account_and_a_live_token) {
  scenario it;
  make_ready(it, "ci-bot", spec);
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  it.kube.apply(service_account_yaml("ci-bot", spec));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  ASSERT_TRUE(eventually(usual_wait, [&] {
    const auto secret = it.kube.find("secret/ci-bot-token");
    return secret && it.console.is_live(token_of(it, "ci-bot-token"));
  }));
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_FALSE(it.console.is_live(token)) << "its account was deleted";
}

TEST(backup, restored_with_secrets_that_nobody_owns_keeps_every_token) {
  scenario it;
  make_two(it);
  const backup kept = save(it);
  lose_everything(it);
  it.kube.apply(without_owners(kept.secrets));
  it.kube.apply(kept.objects);
  it.start_operator();
  ASSERT_TRUE(both_ready(it));
  expect_whole(it, 1);
}

TEST(backup, restored_under_the_eyes_of_a_running_operator_keeps_every_token) {
  scenario it;
  make_two(it);
  const backup kept = save(it);
  lose_everything(it);
  it.start_operator();
  ASSERT_TRUE(it.the_operator().ready());
  it.kube.apply(without_owners(kept.secrets));
  it.kube.apply(kept.objects);
  ASSERT_TRUE(both_ready(it));
  expect_whole(it, 1);
}

TEST(backup, restored_without_secrets_gets_one_new_token_for_each_old_account) {
  scenario it;
  make_two(it);
  const backup kept = save(it);
  lose_everything(it);
  it.kube.apply(kept.objects);
  it.start_operator();
  ASSERT_TRUE(both_ready(it));
  expect_whole(it, 2);
}

TEST(backup, a_token_renewed_since_the_backup_is_replaced_once_and_the_others_are_kept) {
  scenario it;
  make_two(it);
  const backup old = save(it);
  ask_to_renew(it, "a", "one");
  ASSERT_TRUE(comes_to_revision(it, "a", 2));
  lose_everything(it);
  it.kube.apply(without_owners(old.secrets));
  it.kube.apply(old.objects);
  it.start_operator();
  ASSERT_TRUE(both_ready(it));
  for (const std::string name : {"a", "b"}) {
    const json account = it.console.account(it.kube.object("psa/" + name)["status"]["accountID"]);
    EXPECT_EQ(account["tokens_issued"], name == "a" ? 3 : 1);
    EXPECT_TRUE(it.console.is_live(token_of(it, name + "-token"))) << name;
  }
  EXPECT_EQ(it.console.accounts().size(), 2U);
}

// Whether garbage collection or the operator is faster with such a Secret is chance; what comes of it is not.
TEST(backup, restored_with_stale_owner_references_ends_well) {
  scenario it;
  make_two(it);
  const backup kept = save(it);
  lose_everything(it);
  it.start_operator();
  it.kube.apply(kept.secrets.dump());
  it.kube.apply(kept.objects);
  const auto whole = [&] {
    for (const std::string name : {"a", "b"}) {
      const auto secret = it.kube.find("secret/" + name + "-token");
      if (!secret || reason_of(it, "psa/" + name).empty() ||
          secret->at("metadata")["ownerReferences"][0]["uid"] !=
              it.kube.object("psa/" + name)["metadata"]["uid"])
        return false;
    }
    return true;
  };
  ASSERT_TRUE(eventually(usual_wait, whole));
  ASSERT_TRUE(both_ready(it));
  ASSERT_EQ(it.console.accounts().size(), 2U);
  for (const std::string name : {"a", "b"}) {
    EXPECT_TRUE(it.console.is_live(token_of(it, name + "-token"))) << name;
    EXPECT_LE(it.console.account(it.kube.object("psa/" + name)["status"]["accountID"])["tokens_issued"], 2);
  }
}

TEST(backup, a_rebuilt_cluster_touches_nothing_until_it_is_given_the_old_ones_id) {
  scenario it;
  // The cluster before had this ID; the UID of this one's kube-system is another.
  make_two(it, {.arguments = {"--cluster-id", "the-cluster-before"}});
  const backup kept = save(it);
  const json before = it.console.accounts();
  lose_everything(it);
  it.kube.apply(without_owners(kept.secrets));
  it.kube.apply(kept.objects);
  it.start_operator();
  ASSERT_TRUE(comes_to_reason(it, "psa/a", "SecretNotOwned"));
  ASSERT_TRUE(comes_to_reason(it, "psa/b", "SecretNotOwned"));
  EXPECT_EQ(it.console.accounts(), before);
  EXPECT_TRUE(it.console.is_live(token_of(it, "a-token")));
  it.the_operator().stop();
  it.start_operator({.arguments = {"--cluster-id", "the-cluster-before"}});
  ASSERT_TRUE(both_ready(it));
  expect_whole(it, 1);
}

TEST(backup, a_copy_in_a_namespace_of_another_name_gets_an_account_of_its_own) {
  scenario it;
  const std::string renamed = it.add_namespace();
  make_two(it, {.arguments = {"--watch-namespace", renamed}});
  const backup kept = save(it);
  const std::string token = token_of(it, "a-token");
  const kubectl there(the_environment().admin_kubeconfig(), renamed);
  const auto moved = [&](std::string text) {
    for (auto at = text.find(it.name_space); at != std::string::npos; at = text.find(it.name_space, at))
      text.replace(at, it.name_space.size(), renamed);
    return text;
  };
  there.must({"create", "secret", "generic", "console-credentials",
              "--from-file=token=" + it.console.credential_file().string()});
  there.apply(moved(it.kube.must({"get", "pcc", "-o", "yaml"})));
  // Its Secret came along by mistake: the token in it is another object's.
  json wrong = kept.secrets;
  std::erase_if(wrong["items"].get_ref<json::array_t&>(),
                [](const json& each) { return each["metadata"]["name"] != "b-token"; });
  there.apply(moved(without_owners(wrong)));
  there.apply(moved(kept.objects));
  ASSERT_TRUE(there.wait("psa/a", "condition=Ready", usual_wait));
  ASSERT_TRUE(eventually(
      usual_wait, [&] { return there.object("psa/b").dump().find("SecretNotOwned") != std::string::npos; }));
  there.must({"delete", "secret", "b-token"});
  ASSERT_TRUE(there.wait("psa/b", "condition=Ready", 60s));
  ASSERT_EQ(it.console.accounts().size(), 4U);
  EXPECT_EQ(token_of(it, "a-token"), token);
  EXPECT_TRUE(it.console.is_live(token));
  it.kube.must({"delete", "psa", "--all", "--timeout=30s"});
  EXPECT_EQ(it.console.accounts().size(), 2U);
  EXPECT_TRUE(it.console.is_live(there.secret_value("a-token", "token")));
  EXPECT_TRUE(it.console.is_live(there.secret_value("b-token", "token")));
}

}  // namespace
}  // namespace platformer::test
