// Letting go: accounts go with their objects, whatever the order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(deletion, takes_the_account_and_the_secret_with_the_object) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  EXPECT_THAT(it.console.accounts(), IsEmpty());
  // The garbage collector looks for new kinds every 30 s, and these CRDs are as young as the control plane.
  EXPECT_TRUE(it.kube.wait("secret/ci-bot-token", "delete", 90s)) << "by garbage collection";
}

TEST(deletion, orphan_leaves_a_live_token_behind) {
  scenario it;
  make_ready(it, "ci-bot", "deletionPolicy: Orphan");
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  ASSERT_EQ(it.console.accounts().size(), 1U);
  EXPECT_THAT(it.console.accounts()[0]["description"].get<std::string>(),
              testing::Not(HasSubstr("platformer-operator:")));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  EXPECT_FALSE(it.kube.object("secret/ci-bot-token")["metadata"].contains("ownerReferences"));
}

TEST(deletion, a_namespace_ends_well_with_everything_in_it) {
  scenario it;
  make_ready(it, "a");
  it.kube.apply(service_account_yaml("b"));
  ASSERT_TRUE(it.kube.wait("psa/b", "condition=Ready", usual_wait));
  // The operator's rights must outlive the namespace, as a ClusterRoleBinding does: a RoleBinding goes with
  // it.
  const kubectl cluster(the_environment().admin_kubeconfig());
  cluster.must(
      {"create", "clusterrolebinding", it.user, "--clusterrole=platformer-operator", "--user=" + it.user});
  const auto deleted = cluster.run({"delete", "namespace", it.name_space, "--timeout=40s"}, "", 50s);
  it.the_operator().stop();
  cluster.must({"delete", "clusterrolebinding", it.user});
  EXPECT_EQ(deleted.exit_code, 0) << deleted.err;
  EXPECT_THAT(it.console.accounts(), IsEmpty());
}

TEST(deletion, the_connection_waits_for_its_accounts) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"delete", "pcc", "default", "--wait=false"});
  it.kube.must({"delete", "secret", "console-credentials"});
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "Progressing"));
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  EXPECT_TRUE(it.kube.wait("pcc/default", "delete", usual_wait));
  EXPECT_THAT(it.console.accounts(), IsEmpty());
}

TEST(deletion, without_a_connection_is_blocked_until_it_is_let_go) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
  it.the_operator().stop();
  it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
  it.kube.must({"delete", "pcc", "default", "--timeout=10s"});
  it.start_operator();
  it.kube.must({"delete", "psa", "ci-bot", "--wait=false"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "DeletionBlocked"));
  EXPECT_THAT(message_of(it, "psa/ci-bot"), HasSubstr("orphan-on-delete=true"));
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/orphan-on-delete=true"});
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "delete", usual_wait));
  EXPECT_EQ(it.console.accounts().size(), 1U);
}

TEST(deletion, delete_and_create_again_ends_with_one_account_and_a_live_token) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return it.kube.find("secret/ci-bot-token") && it.console.is_live(token_of(it, "ci-bot-token"));
  }));
  EXPECT_EQ(it.console.accounts().size(), 1U);
}

}  // namespace
}  // namespace platformer::test
