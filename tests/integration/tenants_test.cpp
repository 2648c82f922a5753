// What a connection's owner decides for those who use it: which namespaces, how much access, at what pace,
// and whether at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/onlooker.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

// A ClusterConsoleConnection of the scenario's own, with teams in two namespaces.
struct shared_connection {
  scenario it;
  const std::string other = it.add_namespace();
  kubectl there{the_environment().admin_kubeconfig(), other};
  kubectl cluster{the_environment().admin_kubeconfig()};
  const onlooker sees_all{it};
  const std::string name = it.name_space;  // its name is nobody else's

  explicit shared_connection(const std::string& spec) {
    it.kube.must({"create", "secret", "generic", "console-credentials",
                  "--from-file=token=" + it.console.credential_file().string()});
    cluster.apply(
        "apiVersion: console.platformer.com/v1alpha1\nkind: ClusterConsoleConnection\nmetadata: {name: " +
        name + "}\nspec:\n  gateway: " + it.console.gateway() +
        "\n  allowInsecureHTTP: true\n  organization: " + it.console.organization() +
        "\n  credentialsSecretRef: {namespace: " + it.name_space + ", name: console-credentials}\n" + spec);
    it.start_operator({.arguments = {"--selector", "tenant=" + name}, .all_namespaces = true});
  }
  ~shared_connection() { cluster.run({"delete", "pccc", name, "--wait=false"}); }
  shared_connection(const shared_connection&) = delete;
  shared_connection& operator=(const shared_connection&) = delete;

  std::string account(const std::string& of, const std::string& spec = "") const {
    return service_account_yaml(
        of, "connectionRef: {kind: ClusterConsoleConnection, name: " + name + "}\n" + spec,
        "labels: {tenant: " + name + "}");
  }
  void change(const std::string& spec) const {
    cluster.must({"patch", "pccc", name, "--type=merge", "-p", R"({"spec":)" + spec + "}"});
  }
  std::string reason_there(const std::string& of) const {
    for (const auto& each : part_of(there.object("psa/" + of), "/status/conditions"))
      if (each["type"] == "Ready") return each["reason"];
    return {};
  }
};

TEST(tenants, a_cluster_connection_serves_the_namespaces_that_it_names_or_selects) {
  shared_connection shared("");
  scenario& it = shared.it;
  it.kube.apply(shared.account("ci-bot"));
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "NotPermitted")) << "none is allowed by default";
  EXPECT_THAT(message_of(it, "psa/ci-bot"), HasSubstr("spec.allowedNamespaces"));
  EXPECT_EQ(it.console.calls("createServiceAccount"), 0U);
  shared.change(R"({"allowedNamespaces":{"names":[")" + it.name_space +
                R"("],"selector":{"matchLabels":{"console":"yes"}}}})");
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_TRUE(it.console.is_live(token_of(it, "ci-bot-token")));
  shared.there.apply(shared.account("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] { return shared.reason_there("ci-bot") == "NotPermitted"; }));
  shared.cluster.must({"label", "namespace", shared.other, "console=yes"});
  ASSERT_TRUE(shared.there.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(it.console.accounts().size(), 2U);
  shared.cluster.must({"label", "namespace", shared.other, "console-"});
  ASSERT_TRUE(eventually(usual_wait, [&] { return shared.reason_there("ci-bot") == "NotPermitted"; }));
  EXPECT_TRUE(it.console.is_live(shared.there.secret_value("ci-bot-token", "token")))
      << "but nothing is killed";
}

TEST(tenants, a_cluster_connection_waits_for_accounts_of_all_namespaces) {
  shared_connection shared(
      "  allowedNamespaces: {selector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: "
      "Exists}]}}\n");
  scenario& it = shared.it;
  it.kube.apply(shared.account("ci-bot"));
  shared.there.apply(shared.account("ci-bot"));
  ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  ASSERT_TRUE(shared.there.wait("psa/ci-bot", "condition=Ready", usual_wait));
  shared.cluster.must({"delete", "pccc", shared.name, "--wait=false"});
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  EXPECT_EQ(it.console.accounts().size(), 1U);
  EXPECT_TRUE(shared.cluster.find("pccc/" + shared.name)) << "one is left";
  shared.there.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  EXPECT_THAT(it.console.accounts(), IsEmpty());
  EXPECT_TRUE(shared.cluster.wait("pccc/" + shared.name, "delete", usual_wait));
}

TEST(tenants, nobody_gets_more_than_the_connection_allows_not_even_by_a_custom_role) {
  scenario it;
  it.connect("allowed: {projects: [\"store*\"], permissions: [\"rudder.app.*\", rudder.container.editor]}");
  it.start_operator();
  it.kube.apply(
      service_account_yaml("fits", "project: storefront\npermissions: [rudder.app.editor]") + "---\n" +
      service_account_yaml("project", "project: billing\npermissions: [rudder.app.editor]") + "---\n" +
      service_account_yaml("permission", "project: storefront\npermissions: [rudder.env.viewer]") + "---\n" +
      service_account_yaml("role", "project: storefront\ncustomRoles: [releasers]") + "---\n" +
      service_account_yaml("level", "permissions: [rudder.app.editor]"));
  ASSERT_TRUE(it.kube.wait("psa/fits", "condition=Ready", usual_wait));
  const std::map<std::string, std::string> refused = {
      {"project", "project \"billing\""},
      {"permission", "permission \"rudder.env.viewer\""},
      {"role", "\"rudder.gateway.viewer\", which a custom role"},
      {"level", "access at organization level"}};
  for (const auto& [name, why] : refused) {
    EXPECT_TRUE(comes_to_reason(it, "psa/" + name, "NotPermitted"));
    EXPECT_THAT(message_of(it, "psa/" + name), HasSubstr(why));
  }
  EXPECT_EQ(it.console.accounts().size(), 1U);
  it.kube.must({"patch", "pcc", "default", "--type=merge", "-p",
                R"({"spec":{"allowed":{"permissions":["rudder.env.*"]}}})"});
  ASSERT_TRUE(comes_to_reason(it, "psa/fits", "NotPermitted"));
  ASSERT_TRUE(it.kube.wait("psa/permission", "condition=Ready", usual_wait));
  EXPECT_TRUE(it.console.is_live(token_of(it, "fits-token"))) << "a lowered ceiling kills nothing";
}

TEST(tenants, a_suspended_connection_calls_nobody_and_deletions_wait) {
  scenario it;
  make_ready(it, "ci-bot");
  it.kube.must(
      {"patch", "pcc", "default", "--type=merge", "-p", R"({"spec":{"suspend":true,"interval":"1s"}})"});
  ASSERT_TRUE(comes_to_reason(it, "pcc/default", "Suspended"));
  it.console.clear_calls();
  EXPECT_EQ(reason_of(it, "psa/ci-bot"), "Issued") << "at rest it needs no call";
  it.kube.apply(service_account_yaml("new"));
  ASSERT_TRUE(comes_to_reason(it, "psa/new", "Suspended"));
  it.kube.must({"delete", "psa", "ci-bot", "--wait=false"});
  ASSERT_TRUE(comes_to_reason(it, "psa/ci-bot", "DeletionBlocked"));
  EXPECT_EQ(it.console.calls(), 0U);
  it.kube.must({"patch", "pcc", "default", "--type=merge", "-p", R"({"spec":{"suspend":false}})"});
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "delete", usual_wait));
  EXPECT_TRUE(it.kube.wait("psa/new", "condition=Ready", usual_wait));
}

TEST(tenants, calls_keep_the_connections_pace) {
  scenario it;
  it.connect("rateLimit: {requestsPerSecond: 4, burst: 3, concurrent: 1}");
  it.start_operator();
  std::string many;
  for (int i = 0; i < 12; ++i)
    many += "---\n" + service_account_yaml("a" + std::to_string(i));
  it.kube.apply(many);
  const auto all = it.kube.run({"wait", "psa", "--all", "--for=condition=Ready", "--timeout=30s"}, "", 40s);
  ASSERT_EQ(all.exit_code, 0) << all.err;
  std::vector<std::int64_t> times;
  const json noted = it.console.admin("GET", "/calls");
  for (const auto& call : noted["calls"])
    times.push_back(call["time_ms"]);
  ASSERT_GE(times.size(), 12U);
  // 3 at once and 4 a second: eight calls take a second and a quarter at least. They are noted when they end,
  // so some slack is left.
  for (std::size_t i = 8; i < times.size(); ++i)
    EXPECT_GE(times[i] - times[i - 8], 1000) << "call " << i;
}

TEST(tenants, a_pause_that_the_console_asks_for_holds_all_calls) {
  scenario it;
  make_ready(it, "ci-bot");
  it.console.add_fault({{"operation", "renewServiceAccountToken"}, {"status", 429}, {"retry_after", 8}});
  ask_to_renew(it, "ci-bot", "one");
  ASSERT_TRUE(eventually(usual_wait,
                         [&] { return it.kube.object("pcc/default")["status"].contains("throttledUntil"); }));
  it.console.clear_calls();
  it.kube.apply(service_account_yaml("new"));
  ASSERT_TRUE(comes_to_reason(it, "psa/new", "ConnectionNotReady"));
  EXPECT_EQ(it.console.calls(), 0U);
  ASSERT_TRUE(comes_to_revision(it, "ci-bot", 2));
  ASSERT_TRUE(it.kube.wait("psa/new", "condition=Ready", usual_wait));
  ASSERT_TRUE(eventually(
      usual_wait, [&] { return !it.kube.object("pcc/default")["status"].contains("throttledUntil"); }));
}

TEST(tenants, a_console_that_does_not_answer_leaves_workers_to_other_connections) {
  scenario it;
  console silent(fresh_folder(unique_name("silent-console")));
  it.connect();
  it.connect("silent", silent, "timeout: 5m");
  it.start_operator({.arguments = {"--workers", "4"}});
  ASSERT_TRUE(it.kube.wait("pcc/silent", "condition=Ready", usual_wait));
  silent.add_fault({{"operation", "createServiceAccount"}, {"count", 100}, {"hang", "before"}});
  for (int i = 0; i < 8; ++i)
    it.kube.apply(service_account_yaml("waits-" + std::to_string(i), "connectionRef: {name: silent}"));
  ASSERT_TRUE(eventually(usual_wait, [&] { return silent.calls("createServiceAccount") == 2; }))
      << "half of 4";
  it.kube.apply(service_account_yaml("ci-bot"));
  EXPECT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  EXPECT_EQ(silent.calls("createServiceAccount"), 2U) << "none of them has ended";
}

TEST(tenants, accounts_without_their_object_are_reported_and_left_alone) {
  scenario it;
  it.connect("interval: 1s");
  make_ready(it, "ci-bot");
  it.kube.apply(service_account_yaml("stays"));
  ASSERT_TRUE(it.kube.wait("psa/stays", "condition=Ready", usual_wait));
  EXPECT_FALSE(it.kube.object("pcc/default")["status"].contains("orphans"));
  it.the_operator().stop();
  it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
  it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  it.start_operator();
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return part_of(it.kube.object("pcc/default"), "/status/orphans") == json::array({"ci-bot"});
  }));
  EXPECT_EQ(it.console.accounts().size(), 2U);
  EXPECT_EQ(it.console.calls("deleteServiceAccount"), 0U);
  for (const json& each : it.console.accounts())
    if (each["name"] == "ci-bot")
      it.console.admin("POST", "/accounts/" + each["id"].get<std::string>() + "/delete");
  EXPECT_TRUE(eventually(usual_wait,
                         [&] { return part_of(it.kube.object("pcc/default"), "/status/orphans").empty(); }));
}

}  // namespace
}  // namespace platformer::test
