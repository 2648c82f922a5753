#include "tests/integration/harness/environment.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>

#include "tests/support/process.hpp"

namespace platformer::test {
namespace {

std::filesystem::path required(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') {
    throw std::runtime_error(std::string(variable) + " is not set: run this through ./dev test");
  }
  return value;
}

}  // namespace

const environment& the_environment() {
  static const environment found{.control_plane = required("PLATFORMER_CONTROL_PLANE"),
                                 .repository = PLATFORMER_SOURCE_DIR,
                                 .programs = PLATFORMER_BIN};
  return found;
}

std::string mint_kubeconfig(const std::string& user, const std::vector<std::string>& groups) {
  const auto& at = the_environment();
  command mint{.program = (at.repository / "tests/testbed/control-plane.sh").string(),
               .arguments = {"kubeconfig", at.control_plane.string(), user},
               .environment = {},
               .input = {}};
  mint.arguments.insert(mint.arguments.end(), groups.begin(), groups.end());
  auto minted = run(mint, std::chrono::seconds(20));
  if (minted.exit_code != 0) throw std::runtime_error("no kubeconfig for " + user + ": " + minted.err);
  return std::move(minted.out);
}

std::filesystem::path fresh_folder(const std::string& name) {
  const auto folder = the_environment().control_plane / "tests" / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

std::string unique_name(const std::string& prefix) {
  std::random_device source;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%08x", source());
  return prefix + "-" + text.data();
}

}  // namespace platformer::test
