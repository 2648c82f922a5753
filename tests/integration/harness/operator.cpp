#include "tests/integration/harness/operator.hpp"

#include <signal.h>

#include <regex>
#include <stdexcept>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {

operator_process::operator_process(std::filesystem::path kubeconfig, std::string name_space,
                                   std::filesystem::path log, operator_options options)
    : kubeconfig_(std::move(kubeconfig)),
      namespace_(std::move(name_space)),
      log_(std::move(log)),
      options_(std::move(options)),
      process_(launch()) {}

process operator_process::launch() {
  log_begins_ = std::filesystem::exists(log_) ? std::filesystem::file_size(log_) : 0;
  command call{.program = (the_environment().programs / "platformer-operator").string(),
               .arguments = {"--kubeconfig", kubeconfig_.string(), "--bind-address", "127.0.0.1:0"},
               .environment = options_.environment,
               .input = {}};
  if (!options_.all_namespaces)
    call.arguments.insert(call.arguments.end(), {"--watch-namespace", namespace_});
  call.arguments.insert(call.arguments.end(), options_.arguments.begin(), options_.arguments.end());
  return process::start(call, log_);
}

void operator_process::restart() {
  process_.kill();
  address_.clear();
  process_ = launch();
}

std::optional<int> operator_process::stop(std::chrono::seconds deadline) {
  process_.signal(SIGTERM);
  return process_.wait_exit(deadline);
}

const std::string& operator_process::address() {
  if (!address_.empty()) return address_;
  // The port was chosen by the kernel; the program says which in its line about probes. Others may have
  // waited for later lines before.
  const std::regex served(R"(probes [^\n]*?(127\.0\.0\.1:\d+))");
  std::string all;
  std::smatch found;
  const bool said = eventually(std::chrono::seconds(10), [&] {
    all = process_.output().substr(log_begins_);
    return std::regex_search(all, found, served);
  });
  if (!said) throw std::runtime_error("the operator did not say where its probes are:\n" + all);
  return address_ = found.str(1);
}

plain_reply operator_process::get(const std::string& path) {
  return plain_http(address(), "GET", path);
}

bool operator_process::ready(std::chrono::seconds deadline) {
  return eventually(deadline, [&] { return get("/readyz").status == 200; });
}

}  // namespace platformer::test
