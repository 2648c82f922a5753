// Where the integration tests find what CTest has prepared for them: the control plane (a fixture), the
// programs and the repository. Started by hand, a test says which variable is missing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platformer::test {

struct environment {
  std::filesystem::path control_plane;
  std::filesystem::path repository;
  std::filesystem::path programs;  // build/<preset>/bin

  std::filesystem::path admin_kubeconfig() const { return control_plane / "admin.kubeconfig"; }
  std::filesystem::path kubectl() const { return control_plane / "bin" / "kubectl"; }
  std::filesystem::path audit_log() const { return control_plane / "audit.log"; }
};

const environment& the_environment();

// A kubeconfig with a client certificate for that user and those groups, signed by the control plane's CA.
std::string mint_kubeconfig(const std::string& user, const std::vector<std::string>& groups);

// A folder of its own for one test's logs and files, kept below build/ for reading after a failure.
std::filesystem::path fresh_folder(const std::string& name);

// "it-3f9c01ab": different in every call and every run.
std::string unique_name(const std::string& prefix);

}  // namespace platformer::test
