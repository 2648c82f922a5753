// The real kubectl against the tests' control plane, as a user with a kubeconfig and usually in one
// namespace.
//
//   kubectl as_admin(admin_kubeconfig, "it-1");
//   as_admin.apply(yaml);                                  // throws with kubectl's message when it fails
//   as_admin.wait("psa/ci-bot", "condition=Ready", 20s);   // a testing::AssertionResult
//   as_admin.object("psa/ci-bot")["status"]["accountID"];
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace platformer::test {

class kubectl {
 public:
  explicit kubectl(std::filesystem::path kubeconfig, std::string name_space = "")
      : kubeconfig_(std::move(kubeconfig)), namespace_(std::move(name_space)) {}

  // Whatever comes of it. `input` is its standard input.
  finished run(std::vector<std::string> arguments, std::string input = "",
               std::chrono::milliseconds deadline = std::chrono::seconds(30)) const;
  // Its output; throws std::runtime_error with its message when it fails.
  std::string must(std::vector<std::string> arguments, std::string input = "") const;

  void apply(const std::string& yaml) const { must({"apply", "-f", "-"}, yaml); }
  // Creates with the author's exact object; for what `apply` would annotate.
  void create(const std::string& yaml) const { must({"create", "-f", "-"}, yaml); }
  // "psa/ci-bot"; nothing when it isn't there.
  std::optional<nlohmann::json> find(const std::string& what) const;
  nlohmann::json object(const std::string& what) const;  // throws when it isn't there
  // The items of a list: "secrets", or {"psa", "-l", "a=b"}.
  nlohmann::json items(std::vector<std::string> what) const;
  // `kubectl wait --for=<condition>`; on failure the result's message is the object as it stands.
  testing::AssertionResult wait(const std::string& what, const std::string& condition,
                                std::chrono::seconds deadline) const;
  // One value of a Secret, decoded.
  std::string secret_value(const std::string& name, const std::string& key) const;

  const std::string& name_space() const { return namespace_; }

 private:
  std::filesystem::path kubeconfig_;
  std::string namespace_;
};

}  // namespace platformer::test
