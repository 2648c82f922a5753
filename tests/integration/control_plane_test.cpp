// The ground that the other integration tests stand on: the control plane does what they rely on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "tests/integration/harness/audit_log.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/kubectl.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

kubectl administrator() {
  return kubectl(the_environment().admin_kubeconfig());
}

TEST(control_plane, answers_with_the_version_that_it_was_built_from) {
  const auto version = nlohmann::json::parse(administrator().must({"version", "-o", "json"}));
  EXPECT_EQ(version["serverVersion"]["gitVersion"], version["clientVersion"]["gitVersion"]);
}

TEST(control_plane, a_minted_user_may_do_nothing_without_a_binding) {
  const auto folder = fresh_folder("minted-user");
  std::ofstream(folder / "kubeconfig") << mint_kubeconfig("nobody", {"nobodies"});
  const kubectl nobody(folder / "kubeconfig", "default");
  EXPECT_THAT(nobody.run({"get", "secrets"}).err,
              HasSubstr("User \"nobody\" cannot list resource \"secrets\""));
}

TEST(control_plane, the_audit_log_tells_who_did_what) {
  const auto folder = fresh_folder("audited-user");
  const std::string user = unique_name("audited");
  std::ofstream(folder / "kubeconfig") << mint_kubeconfig(user, {"system:masters"});
  const kubectl someone(folder / "kubeconfig", "default");
  const audit_log log;
  someone.must({"create", "configmap", user, "--dry-run=server"});
  someone.must({"create", "configmap", user});
  someone.must({"delete", "configmap", user});
  log.settle();
  EXPECT_THAT(log.writes_of(user), testing::ElementsAre("create configmaps " + user + " 201 (dry run)",
                                                        "create configmaps " + user + " 201",
                                                        "delete configmaps " + user + " 200"));
}

TEST(control_plane, garbage_is_collected_and_namespaces_end) {
  const std::string name_space = unique_name("garbage");
  const kubectl in_it(the_environment().admin_kubeconfig(), name_space);
  administrator().must({"create", "namespace", name_space});
  in_it.must({"create", "configmap", "owner"});
  const std::string uid = in_it.object("configmap/owner")["metadata"]["uid"];
  in_it.apply(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: owned\n  ownerReferences:\n  - {apiVersion: v1, "
      "kind: ConfigMap, name: owner, uid: " +
      uid + "}\n");
  in_it.must({"delete", "configmap", "owner"});
  EXPECT_TRUE(in_it.wait("configmap/owned", "delete", 20s));
  administrator().must({"delete", "namespace", name_space, "--timeout=30s"});
}

}  // namespace
}  // namespace platformer::test
