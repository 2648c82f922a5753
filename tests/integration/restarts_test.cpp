// rolloutRestartTargets: workloads whose pods are replaced once their Secret has a new token. No controller
// of workloads runs here: what counts is the annotation on the pod template.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;

std::string workload_yaml(const std::string& kind, const std::string& name) {
  return "apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: " + name +
         "}\nspec:\n  selector: {matchLabels: {app: " + name + "}}\n" +
         (kind == "StatefulSet" ? "  serviceName: " + name + "\n" : "") +
         "  template:\n    metadata: {labels: {app: " + name +
         "}, annotations: {mine: kept}}\n    spec: {containers: [{name: main, image: shop}]}\n";
}

// As much of Argo Rollouts as matters here: its kind with a pod template.
constexpr const char* rollout_kind = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rollouts.argoproj.io}
spec:
  group: argoproj.io
  scope: Namespaced
  names: {plural: rollouts, singular: rollout, kind: Rollout, listKind: RolloutList}
  versions:
  - name: v1alpha1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}
)";

// The sample's optional role, in the scenario's namespace.
void grant_restarts(scenario& it) {
  it.kube.must({"create", "rolebinding", "restarts", "--clusterrole=platformer-operator-restarts",
                "--user=" + it.user});
}

// The annotation; "" when there is none.
std::string revision_on(scenario& it, const std::string& workload) {
  return it.kube.object(workload)["spec"]["template"]["metadata"]["annotations"].value(
      "console.platformer.com/secret-revision", "");
}

std::int64_t generation_of(scenario& it, const std::string& workload) {
  return it.kube.object(workload)["metadata"]["generation"];
}

// Waits until the workloads are restarted for the token of that revision.
testing::AssertionResult comes_to_restarted(scenario& it, const std::string& name, std::int64_t revision) {
  const bool done = eventually(usual_wait, [&] {
    return it.kube.object("psa/" + name)["status"].value("restartedRevision", std::int64_t{0}) == revision;
  });
  if (done) return testing::AssertionSuccess();
  return testing::AssertionFailure() << it.kube.object("psa/" + name)["status"].dump(1);
}

constexpr const char* three_targets =
    "rolloutRestartTargets:\n- {kind: Deployment, name: shop}\n- {kind: StatefulSet, name: store}\n"
    "- {kind: DaemonSet, name: agent}";

TEST(restarts, each_kind_restarts_once_for_a_renewal_and_never_for_the_operators_own_start) {
  scenario it;
  grant_restarts(it);
  it.kube.apply(workload_yaml("Deployment", "shop") + "---\n" + workload_yaml("StatefulSet", "store") +
                "---\n" + workload_yaml("DaemonSet", "agent"));
  make_ready(it, "ci-bot", three_targets);
  ASSERT_TRUE(comes_to_restarted(it, "ci-bot", 1)) << "nothing had started with an earlier token";
  EXPECT_EQ(revision_on(it, "deployment/shop"), "");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  EXPECT_EQ(revision_on(it, "deployment/shop"), "") << "changes of ten seconds are gathered";
  ASSERT_TRUE(comes_to_restarted(it, "ci-bot", 2));
  const std::string revision = revision_on(it, "deployment/shop");
  EXPECT_NE(revision, "");
  for (const std::string workload : {"deployment/shop", "statefulset/store", "daemonset/agent"}) {
    EXPECT_EQ(revision_on(it, workload), revision) << workload;
    EXPECT_EQ(generation_of(it, workload), 2) << workload;
    EXPECT_EQ(it.kube.object(workload)["spec"]["template"]["metadata"]["annotations"]["mine"], "kept");
  }
  EXPECT_TRUE(comes_to_event(it, "ci-bot", "Normal", "Deployment shop restarts"));
  it.audit.mark();
  it.the_operator().restart();
  ASSERT_TRUE(it.the_operator().ready());
  it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/reconcile=look"});
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return it.kube.object("psa/ci-bot")["status"].value("lastHandledReconcileAt", "") == "look";
  }));
  for (const std::string& write : it.operator_writes())
    EXPECT_THAT(write, testing::Not(testing::ContainsRegex("deployments|statefulsets|daemonsets")));
  EXPECT_EQ(generation_of(it, "deployment/shop"), 2);
}

TEST(restarts, a_rollout_of_argo_restarts_as_any_other_workload) {
  scenario it;
  grant_restarts(it);
  it.kube.apply(rollout_kind);
  ASSERT_TRUE(it.kube.wait("crd/rollouts.argoproj.io", "condition=Established", usual_wait));
  it.kube.apply(
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: shop}\n"
      "spec: {replicas: 2, template: {metadata: {labels: {app: shop}, annotations: {mine: kept}}}}\n");
  make_ready(it, "ci-bot", "rolloutRestartTargets: [{kind: Rollout, name: shop}]");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_restarted(it, "ci-bot", 2));
  EXPECT_NE(revision_on(it, "rollout/shop"), "");
  const auto spec = it.kube.object("rollout/shop")["spec"];
  EXPECT_EQ(spec["replicas"], 2);
  EXPECT_EQ(spec["template"]["metadata"]["annotations"]["mine"], "kept");
  EXPECT_TRUE(comes_to_event(it, "ci-bot", "Normal", "Rollout shop restarts"));
}

TEST(restarts, two_tokens_of_one_workload_restart_it_once) {
  scenario it;
  grant_restarts(it);
  it.kube.apply(workload_yaml("Deployment", "shop"));
  const std::string target = "rolloutRestartTargets: [{kind: Deployment, name: shop}]";
  make_ready(it, "a", target);
  it.kube.apply(service_account_yaml("b", target));
  ASSERT_TRUE(it.kube.wait("psa/b", "condition=Ready", usual_wait));
  ask_to_renew(it, "a", "one");
  ask_to_renew(it, "b", "one");
  ASSERT_TRUE(comes_to_restarted(it, "a", 2));
  ASSERT_TRUE(comes_to_restarted(it, "b", 2));
  EXPECT_EQ(generation_of(it, "deployment/shop"), 2);
}

TEST(restarts, what_is_not_there_is_a_warning_and_the_others_restart) {
  scenario it;
  grant_restarts(it);
  it.kube.apply(workload_yaml("Deployment", "shop"));
  make_ready(
      it, "ci-bot",
      "rolloutRestartTargets: [{kind: StatefulSet, name: nowhere}, {kind: Rollout, name: unknown-kind}, "
      "{kind: Deployment, name: shop}]");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_restarted(it, "ci-bot", 2));
  EXPECT_NE(revision_on(it, "deployment/shop"), "");
  EXPECT_TRUE(comes_to_event(it, "ci-bot", "Warning", "StatefulSet nowhere could not be restarted"));
  EXPECT_TRUE(comes_to_event(it, "ci-bot", "Warning", "Rollout unknown-kind could not be restarted"));
  EXPECT_EQ(reason_of(it, "psa/ci-bot"), "Renewed");
}

TEST(restarts, without_the_right_to_it_there_is_a_warning_and_nothing_is_tried_again) {
  scenario it;
  it.expect_refusals();
  it.kube.apply(workload_yaml("Deployment", "shop"));
  make_ready(it, "ci-bot", "rolloutRestartTargets: [{kind: Deployment, name: shop}]");
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(comes_to_restarted(it, "ci-bot", 2));
  EXPECT_TRUE(comes_to_event(it, "ci-bot", "Warning", "Deployment shop could not be restarted"));
  EXPECT_EQ(count_events(it, "ci-bot", "Warning", "Deployment shop"), 1);
  EXPECT_EQ(revision_on(it, "deployment/shop"), "");
  EXPECT_EQ(reason_of(it, "psa/ci-bot"), "Renewed");
}

}  // namespace
}  // namespace platformer::test
