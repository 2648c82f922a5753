#include "tests/integration/harness/onlooker.hpp"

#include "tests/integration/harness/environment.hpp"

namespace platformer::test {
namespace {

constexpr const char* role = R"(
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "testbed:onlooker"}
rules:
- {apiGroups: [console.platformer.com], resources: [serviceaccounts, consoleconnections], verbs: [list, watch]}
- {apiGroups: [console.platformer.com], resources: [clusterconsoleconnections], verbs: [list, watch, patch]}
- {apiGroups: [console.platformer.com], resources: [clusterconsoleconnections/status], verbs: [patch]}
- {apiGroups: [""], resources: [secrets, namespaces], verbs: [list, watch]}
)";

kubectl cluster() {
  return kubectl{the_environment().admin_kubeconfig()};
}

}  // namespace

onlooker::onlooker(const scenario& it) : user_(it.user) {
  it.expect_refusals();  // it sees others' connections and may not put its finalizer on them
  cluster().apply(role);
  cluster().must(
      {"create", "clusterrolebinding", user_, "--clusterrole=testbed:onlooker", "--user=" + user_});
}

onlooker::~onlooker() {
  cluster().run({"delete", "clusterrolebinding", user_});
}

}  // namespace platformer::test
