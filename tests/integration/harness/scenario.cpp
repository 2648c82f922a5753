#include "tests/integration/harness/scenario.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <utility>

#include "tests/integration/harness/environment.hpp"

namespace platformer::test {
namespace {

std::string indented(const std::string& text, const std::string& by) {
  std::string all;
  std::size_t from = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    all += by + text.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return all;
}

// "suite.test" so that a failed test's folder is found by its name.
std::string folder_name(const std::string& label, const std::string& name_space) {
  if (!label.empty()) return label;
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  return test == nullptr ? name_space : std::string(test->test_suite_name()) + "." + test->name();
}

// The ClusterRoles are the sample's and the harness' own, installed once by the fixture (install_test.cpp).
std::string grants(const std::string& name_space, const std::string& user) {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name_space +
         "}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: operator, "
         "namespace: " +
         name_space +
         "}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: platformer-operator}\n"
         "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: " +
         user + "}]\n";
}

}  // namespace

std::string service_account_yaml(const std::string& name, const std::string& spec,
                                 const std::string& metadata) {
  return "apiVersion: console.platformer.com/v1alpha1\nkind: ServiceAccount\nmetadata:\n  name: " + name +
         "\n" + indented(metadata, "  ") + (spec.empty() ? "spec: {}\n" : "spec:\n" + indented(spec, "  "));
}

scenario::scenario(const console_options& options, const std::string& label)
    : name_space(unique_name("it")),
      user("operator-" + name_space),
      folder(fresh_folder(folder_name(label, name_space))),
      kube(the_environment().admin_kubeconfig(), name_space),
      console(folder, options),
      operator_kubeconfig_(folder / "operator.kubeconfig") {
  kubectl(the_environment().admin_kubeconfig()).apply(grants(name_space, user));
  std::ofstream(operator_kubeconfig_) << mint_kubeconfig(user, {"testbed:operators"});
}

void scenario::connect(const std::string& spec) {
  connect("default", console, spec);
}

void scenario::connect(const std::string& name, const test::console& to, const std::string& spec) {
  const std::string credentials = name == "default" ? "console-credentials" : name + "-credentials";
  kube.must(
      {"create", "secret", "generic", credentials, "--from-file=token=" + to.credential_file().string()});
  kube.apply("apiVersion: console.platformer.com/v1alpha1\nkind: ConsoleConnection\nmetadata: {name: " +
             name + "}\nspec:\n  gateway: " + to.gateway() +
             "\n  allowInsecureHTTP: true\n  organization: " + to.organization() +
             "\n  credentialsSecretRef: {name: " + credentials + "}\n" + indented(spec, "  "));
}

std::string scenario::add_namespace() {
  const std::string name = unique_name("it");
  kubectl(the_environment().admin_kubeconfig()).apply(grants(name, user));
  return name;
}

operator_process& scenario::start_operator(operator_options options) {
  const auto kubeconfig = options.kubeconfig.empty() ? operator_kubeconfig_ : options.kubeconfig;
  return operator_.emplace(kubeconfig, name_space, folder / "operator.log", std::move(options));
}

operator_process& scenario::the_operator() {
  if (!operator_) throw std::logic_error("start_operator first");
  return *operator_;
}

void scenario::expect_refusals() const {
  // One write of one line: tests of several processes append side by side.
  std::ofstream(the_environment().control_plane / "tests" / "refusals-expected", std::ios::app)
      << user + "\n";
}

std::vector<std::string> scenario::operator_writes() {
  audit.settle();
  return audit.writes_of(user);
}

}  // namespace platformer::test
