// A cluster that lacks a kind or a feature: the operator works with what is there, and says what is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/gated_scenario.hpp"
#include "tests/integration/harness/onlooker.hpp"

namespace platformer::test {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

// The gate answers for a cluster without that CRD, which other tests need.
TEST(missing_kinds, without_the_cluster_connections_kind_everything_else_works) {
  gated_scenario at;
  at.kill_operator();
  const onlooker sees_all{at.it};
  (void)at.gate.impose(
      {.on = {.path = "/clusterconsoleconnections$"},
       .times = always,
       .act = act::answer{moment::before, 404, {{"Content-Type", "text/plain"}}, "404 page not found"}});
  const std::string tenant = at.it.name_space;
  operator_process program(at.kubeconfig(), "", at.it.folder / "without.log",
                           {.arguments = {"--selector", "tenant=" + tenant}, .all_namespaces = true});
  EXPECT_TRUE(program.ready(usual_wait)) << program.get("/readyz").body;
  EXPECT_THAT(program.program().output(), HasSubstr("clusterconsoleconnections"));
  at.it.kube.apply(service_account_yaml("ci-bot", "", "labels: {tenant: " + tenant + "}"));
  EXPECT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
  at.it.kube.apply(service_account_yaml("of-cluster",
                                        "connectionRef: {kind: ClusterConsoleConnection, name: shared}",
                                        "labels: {tenant: " + tenant + "}"));
  EXPECT_TRUE(comes_to_reason(at.it, "psa/of-cluster", "ConnectionNotFound"));
  EXPECT_THAT(message_of(at.it, "psa/of-cluster"), HasSubstr("not installed"));
}

// As apiservers up to 1.33 answer, unless they are told otherwise.
TEST(missing_kinds, without_streaming_lists_every_kind_is_listed_by_pages) {
  gated_scenario at;
  at.kill_operator();
  const onlooker sees_all{at.it};
  (void)at.gate.impose(
      {.on = {.query = "sendInitialEvents=true"},
       .times = always,
       .act = act::answer{
           moment::before,
           422,
           {{"Content-Type", "application/json"}},
           R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Invalid","code":422,)"
           R"("message":"sendInitialEvents: Forbidden: the feature WatchList is off"})"}});
  const auto before = at.gate.notes().last();
  const std::string tenant = at.it.name_space;
  operator_process program(at.kubeconfig(), "", at.it.folder / "by-pages.log",
                           {.arguments = {"--selector", "tenant=" + tenant}, .all_namespaces = true});
  ASSERT_TRUE(program.ready(usual_wait)) << program.get("/readyz").body;
  std::set<std::string> listed;
  for (const passage& each : at.gate.notes().since(before))
    if (each.method == "GET" && !each.watch && each.status == 200)
      listed.insert(each.path.substr(each.path.rfind('/') + 1));
  EXPECT_THAT(listed, IsSupersetOf({"serviceaccounts", "consoleconnections", "clusterconsoleconnections",
                                    "secrets", "namespaces"}));
  at.it.kube.apply(service_account_yaml("ci-bot", "", "labels: {tenant: " + tenant + "}"));
  EXPECT_TRUE(at.it.kube.wait("psa/ci-bot", "condition=Ready", usual_wait));
}

}  // namespace
}  // namespace platformer::test
