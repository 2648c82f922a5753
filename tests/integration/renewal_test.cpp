// The renew annotation and the other causes, with the real kubectl.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

void annotate(scenario& it, const std::string& name, const std::string& value) {
  it.kube.must({"annotate", "psa", name, "--overwrite", "console.platformer.com/renew=" + value});
}

TEST(renewal, a_new_value_renews_once_and_the_old_token_is_dead) {
  scenario it;
  make_ready(it, "ci-bot");
  const std::string before = token_of(it, "ci-bot-token");
  annotate(it, "ci-bot", "2026-11-23");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_FALSE(it.console.is_live(before));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["lastHandledRenew"], "2026-11-23");
  EXPECT_EQ(it.kube.object("psa/ci-bot")["metadata"]["annotations"]["console.platformer.com/renew"],
            "2026-11-23");
}

TEST(renewal, a_value_from_the_past_mints_nothing) {
  scenario it;
  make_ready(it, "ci-bot", "", "annotations: {console.platformer.com/renew: \"zero\"}");
  EXPECT_EQ(revision_of(it, "ci-bot"), 1) << "the value at creation is settled by the first issuance";
  annotate(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  annotate(it, "ci-bot", "zero");  // a Git revert
  annotate(it, "ci-bot", "one");
  annotate(it, "ci-bot", "two");  // shows that the others were looked at
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 3));
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 2U);
}

TEST(renewal, each_process_tells_its_own_events) {
  scenario it;
  make_ready(it, "ci-bot");
  it.the_operator().stop();
  it.start_operator();
  annotate(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  const auto told = [&](const std::string& reason) {
    for (const auto& event : it.kube.items({"events.events.k8s.io"}))
      if (event["reason"] == reason && event["regarding"]["name"] == "ci-bot") return true;
    return false;
  };
  EXPECT_TRUE(eventually(usual_wait, [&] { return told("Renewed"); }));
  EXPECT_TRUE(told("Issued"));
}

TEST(renewal, every_way_to_apply_again_is_safe) {
  scenario it;
  make_ready(it, "ci-bot", "", "annotations: {console.platformer.com/renew: \"one\"}");
  const std::string token = token_of(it, "ci-bot-token");
  const std::string yaml =
      service_account_yaml("ci-bot", "", "annotations: {console.platformer.com/renew: \"one\"}");
  it.kube.apply(yaml);
  it.kube.must({"apply", "--server-side", "--force-conflicts", "-f", "-"}, yaml);
  it.kube.must({"replace", "-f", "-"}, yaml);  // wipes finalizer and intent
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return it.kube.object("psa/ci-bot")["metadata"].contains("finalizers");
  })) << "the finalizer comes back";
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_EQ(it.console.calls("createServiceAccount"), 1U);
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
}

TEST(renewal, changes_of_access_reach_the_account_and_mint_nothing) {
  scenario it;
  make_ready(it, "ci-bot", "project: storefront\npermissions: [rudder.app.editor]\ndescription: before");
  it.kube.must(
      {"patch", "psa", "ci-bot", "--type=merge", "-p",
       R"({"spec":{"permissions":["rudder.app.viewer"],"description":"after","customRoles":["releasers"]}})"});
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return it.console.accounts()[0]["description"].get<std::string>().starts_with("after\n");
  }));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(revision_of(it, "ci-bot"), 1);
  EXPECT_EQ(it.console.accounts()[0]["roles"].size(), 2U);
}

TEST(renewal, a_deleted_secret_is_issued_again) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"delete", "secret", "ci-bot-token"});
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["token"]["cause"], "TokenLost");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_EQ(it.console.accounts().size(), 1U);
}

TEST(renewal, an_emptied_secret_is_issued_again) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"patch", "secret", "ci-bot-token", "--type=merge", "-p", R"({"data":{"token":""}})"});
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

TEST(renewal, edited_keys_labels_and_owner_are_put_right_without_a_new_token) {
  scenario it;
  make_ready(it, "ci-bot", "secret: {labels: {team: shop}}");
  const std::string token = token_of(it, "ci-bot-token");
  const auto metadata = [&] { return it.kube.object("secret/ci-bot-token")["metadata"]; };
  const auto edit = [&](const std::string& json) {
    it.kube.must({"patch", "secret", "ci-bot-token", "--type=merge", "-p", R"({"metadata":)" + json + "}"});
  };
  edit(R"({"labels":{"team":"other","app.kubernetes.io/managed-by":null}})");
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return metadata()["labels"]["team"] == "shop" &&
           metadata()["labels"].contains("app.kubernetes.io/managed-by");
  }));
  edit(R"({"ownerReferences":[]})");
  ASSERT_TRUE(eventually(usual_wait, [&] { return metadata().contains("ownerReferences"); }));
  it.kube.must({"patch", "secret", "ci-bot-token", "--type=json", "-p",
                R"([{"op":"move","from":"/data/token","path":"/data/elsewhere"}])"});
  ASSERT_TRUE(eventually(usual_wait,
                         [&] { return it.kube.object("secret/ci-bot-token")["data"].contains("token"); }));
  EXPECT_EQ(token_of(it, "ci-bot-token"), token);
  EXPECT_EQ(revision_of(it, "ci-bot"), 1);
}

TEST(renewal, a_changed_secret_name_and_key_move_the_token) {
  scenario it;
  make_ready(it, "ci-bot");
  const std::string token = token_of(it, "ci-bot-token");
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p",
                R"({"spec":{"secret":{"name":"moved","key":"password"}}})"});
  ASSERT_TRUE(it.kube.wait("secret/ci-bot-token", "delete", usual_wait));
  EXPECT_EQ(token_of(it, "moved", "password"), token);
  EXPECT_EQ(it.console.calls("renewServiceAccountToken"), 0U);
  ASSERT_TRUE(eventually(usual_wait,
                         [&] { return it.kube.object("psa/ci-bot")["status"]["secretName"] == "moved"; }));
}

TEST(renewal, an_account_deleted_by_hand_is_made_again) {
  scenario it;
  make_ready(it, "ci-bot");
  const std::string id = it.kube.object("psa/ci-bot")["status"]["accountID"];
  it.console.admin("POST", "/accounts/" + id + "/delete");
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/reconcile=now"});
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_EQ(it.kube.object("psa/ci-bot")["status"]["token"]["cause"], "AccountLost");
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
}

}  // namespace
}  // namespace platformer::test
