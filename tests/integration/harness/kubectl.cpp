#include "tests/integration/harness/kubectl.hpp"

#include <stdexcept>

#include "tests/integration/harness/environment.hpp"

namespace platformer::test {

finished kubectl::run(std::vector<std::string> arguments, std::string input,
                      std::chrono::milliseconds deadline) const {
  const auto& at = the_environment();
  command call{.program = at.kubectl().string(),
               .arguments = {"--kubeconfig", kubeconfig_.string()},
               .environment = {{"KUBECACHEDIR", (at.control_plane / "kubectl-cache").string()}},
               .input = std::move(input)};
  if (!namespace_.empty()) {
    call.arguments.insert(call.arguments.end(), {"--namespace", namespace_});
  }
  call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
  return test::run(call, deadline);
}

std::string kubectl::must(std::vector<std::string> arguments, std::string input) const {
  const std::string verb = arguments.empty() ? "" : arguments.front();
  auto done = run(std::move(arguments), std::move(input));
  if (done.exit_code != 0) throw std::runtime_error("kubectl " + verb + ": " + done.err);
  return std::move(done.out);
}

std::optional<nlohmann::json> kubectl::find(const std::string& what) const {
  const std::string text = must({"get", what, "--ignore-not-found", "-o", "json"});
  if (text.empty()) return std::nullopt;
  return nlohmann::json::parse(text);
}

nlohmann::json kubectl::object(const std::string& what) const {
  return nlohmann::json::parse(must({"get", what, "-o", "json"}));
}

nlohmann::json kubectl::items(std::vector<std::string> what) const {
  what.insert(what.begin(), "get");
  what.insert(what.end(), {"-o", "json"});
  return nlohmann::json::parse(must(std::move(what)))["items"];
}

testing::AssertionResult kubectl::wait(const std::string& what, const std::string& condition,
                                       std::chrono::seconds deadline) const {
  const auto done =
      run({"wait", what, "--for=" + condition, "--timeout=" + std::to_string(deadline.count()) + "s"}, "",
          deadline + std::chrono::seconds(10));
  if (done.exit_code == 0) return testing::AssertionSuccess();
  const auto now = run({"get", what, "-o", "yaml"});
  return testing::AssertionFailure() << done.err << "As it stands:\n" << now.out << now.err;
}

std::string kubectl::secret_value(const std::string& name, const std::string& key) const {
  return must({"get", "secret", name, "-o", "go-template={{index .data \"" + key + "\" | base64decode}}"});
}

}  // namespace platformer::test
