// Part of the CTest fixture: what an administrator installs is accepted, and the other integration tests find
// it in place.
#include <gtest/gtest.h>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/kubectl.hpp"

namespace platformer::test {
namespace {

// The one thing that no RoleBinding in a test's own namespace can grant.
constexpr const char* cluster_id_grant = R"(
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "testbed:cluster-id"}
rules: [{apiGroups: [""], resources: [namespaces], resourceNames: [kube-system], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "testbed:cluster-id"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "testbed:cluster-id"}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "testbed:operators"}]
)";

TEST(install, the_crds_and_the_role_are_accepted_and_established) {
  const auto& repository = the_environment().repository;
  const kubectl admin(the_environment().admin_kubeconfig());
  admin.must({"apply", "--server-side", "-f", (repository / "crds").string()});
  admin.must({"wait", "--for=condition=Established", "--timeout=30s", "-f", (repository / "crds").string()});
  admin.must({"apply", "-f", (repository / "samples/rbac.yaml").string()});
  admin.apply(cluster_id_grant);
  EXPECT_EQ(admin.must({"get", "psa,pcc", "-A", "--ignore-not-found"}), "");
}

}  // namespace
}  // namespace platformer::test
