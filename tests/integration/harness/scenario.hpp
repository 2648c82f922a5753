// What one integration test needs, all of it its own: a namespace, a Console emulator, a user with the
// sample's RBAC in that namespace, and (when asked) the operator. Tests run side by side on one control
// plane.
//
//   scenario it;
//   it.connect();                                     // ConsoleConnection "default" with its credentials
//   Secret it.start_operator(); it.kube.apply(service_account_yaml("ci-bot", "project: storefront"));
//   ASSERT_TRUE(it.kube.wait("psa/ci-bot", "condition=Ready", 20s));
//   EXPECT_THAT(it.operator_writes(), ElementsAre(…));
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/harness/audit_log.hpp"
#include "tests/integration/harness/console.hpp"
#include "tests/integration/harness/kubectl.hpp"
#include "tests/integration/harness/operator.hpp"

namespace platformer::test {

// A ServiceAccount; `spec` is YAML of the spec's own lines, `metadata` of further lines of the metadata.
std::string service_account_yaml(const std::string& name, const std::string& spec = "",
                                 const std::string& metadata = "");

class scenario {
 public:
  // `label` names its folder for those that aren't the only one of their test; "": the test does.
  explicit scenario(const console_options& console = {}, const std::string& label = "");
  // The namespace stays as long as the control plane: nobody is left who would take the operator's finalizers
  // off its objects, and namespaces that can't end keep apiserver and controller manager busy for ever.
  ~scenario() = default;
  scenario(const scenario&) = delete;
  scenario& operator=(const scenario&) = delete;

  // The credentials Secret and the ConsoleConnection `default`; `spec` has further lines of its spec.
  void connect(const std::string& spec = "");
  // The same for another name and Console.
  void connect(const std::string& name, const test::console& to, const std::string& spec);
  // Another namespace in which the operator has the same rights; its name.
  std::string add_namespace();
  operator_process& start_operator(operator_options options = {});
  operator_process& the_operator();
  const std::filesystem::path& operator_kubeconfig() const { return operator_kubeconfig_; }
  // Its operator lacks a right on purpose, so that rights_used.py has to expect refusals of its requests.
  void expect_refusals() const;
  // Waits until the audit log is complete, then gives the operator's writes since the last mark.
  std::vector<std::string> operator_writes();

  // Declared in the order in which they come up.
  const std::string name_space;
  const std::string user;  // the operator's, in the audit log
  const std::filesystem::path folder;
  kubectl kube;  // as administrator, in the namespace
  test::console console;
  audit_log audit;

 private:
  std::filesystem::path operator_kubeconfig_;
  std::optional<operator_process> operator_;
};

}  // namespace platformer::test
