// The real platformer-operator as a process of its own, with a user that has the sample's least RBAC and
// nothing more.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/harness/plain_http.hpp"
#include "tests/support/process.hpp"

namespace platformer::test {

struct operator_options {
  std::vector<std::string> arguments;  // on top of --kubeconfig, --bind-address and --watch-namespace
  bool all_namespaces = false;         // else --watch-namespace with the scenario's own
  std::vector<std::pair<std::string, std::string>> environment{};
  std::filesystem::path kubeconfig{};  // another than the scenario's own, say one through a gate
};

class operator_process {
 public:
  operator_process(std::filesystem::path kubeconfig, std::string name_space, std::filesystem::path log,
                   operator_options options = {});

  // Once more after it has ended, with the same options.
  void restart();
  // SIGTERM; its exit code, or nothing when it doesn't end in time.
  std::optional<int> stop(std::chrono::seconds deadline = std::chrono::seconds(10));
  // "GET /readyz", "/livez", "/metrics" at the address that it logged.
  plain_reply get(const std::string& path);
  // True when /readyz said 200 before the deadline.
  bool ready(std::chrono::seconds deadline = std::chrono::seconds(10));

  process& program() { return process_; }

 private:
  process launch();
  const std::string& address();

  std::filesystem::path kubeconfig_;
  std::string namespace_;
  std::filesystem::path log_;
  operator_options options_;
  std::size_t log_begins_ = 0;  // of this start; earlier ones may have written to the same file
  process process_;
  std::string address_;
};

}  // namespace platformer::test
