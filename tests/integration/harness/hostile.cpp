#include "tests/integration/harness/hostile.hpp"

#include <stdexcept>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {

std::size_t peak_memory(pid_t process) {
  const std::string status = read_file("/proc/" + std::to_string(process) + "/status");
  const auto at = status.find("VmHWM:");
  if (at == std::string::npos) throw std::runtime_error("the process has ended");
  return std::stoul(status.substr(at + 6)) * 1024;
}

testing::AssertionResult goes_on(gated_scenario& at) {
  if (!at.the_operator().program().running())
    return testing::AssertionFailure() << "the operator has ended:\n" << at.the_operator().program().output();
  const subject next{.name = unique_name("next")};
  at.api.create("serviceaccounts", service_account_yaml(next.name, never_verified));
  if (!eventually(2 * usual_wait, [&] { return ready_problems(at, next).empty(); }))
    return testing::AssertionFailure() << "a new object does not become Ready:\n"
                                       << at.gate.notes().around_the_fault();
  for (const auto& harm : at.harm_done_to_others())
    return testing::AssertionFailure() << harm;
  return testing::AssertionSuccess();
}

bool holds_part_of(const std::string& text, const std::string& secret) {
  constexpr std::size_t part = 16;
  for (std::size_t at = 0; at + part <= secret.size(); ++at)
    if (text.find(secret.substr(at, part)) != std::string::npos) return true;
  return false;
}

std::map<std::string, std::string> everything_visible(scenario& it, operator_process& of) {
  return {{"the log", of.program().output()},
          {"/metrics", of.get("/metrics").body},
          {"/readyz", of.get("/readyz?verbose").body},
          {"objects", it.kube.must({"get", "psa,pcc", "-o", "yaml", "--show-managed-fields"})},
          {"descriptions", it.kube.must({"describe", "psa,pcc"})},
          {"events", it.kube.must({"get", "events.events.k8s.io", "-o", "yaml"})},
          {"metadata of Secrets", it.kube.must({"get", "secrets", "-o", "jsonpath={.items[*].metadata}"})}};
}

std::string compressed_zeros(std::size_t bytes) {
  const command gzip{.program = "sh",
                     .arguments = {"-c", "head -c " + std::to_string(bytes) + " /dev/zero | gzip -9"},
                     .environment = {},
                     .input = {}};
  auto done = run(gzip, std::chrono::seconds(30));
  if (done.exit_code != 0) throw std::runtime_error("gzip: " + done.err);
  return std::move(done.out);
}

}  // namespace platformer::test
