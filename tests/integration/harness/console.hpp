// The Console emulator as a process of its own, and its admin API.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace platformer::test {

struct console_options {
  std::filesystem::path seed;          // YAML; empty: the built-in organization
  std::filesystem::path state;         // SQLite; empty: in memory
  std::vector<std::string> arguments;  // any others
};

class console {
 public:
  // Its log and credential file go to `folder`. Throws when it does not come up.
  explicit console(const std::filesystem::path& folder, const console_options& options = {});

  const std::string& gateway() const { return gateway_; }
  const std::string& organization() const { return organization_; }
  const std::string& organization_id() const { return organization_id_; }
  const std::filesystem::path& credential_file() const { return credential_file_; }

  // A call of the admin API; its JSON reply. Throws unless the status is 200.
  nlohmann::json admin(const std::string& method, const std::string& path,
                       const nlohmann::json& body = nullptr);
  nlohmann::json accounts() { return admin("GET", "/accounts")["accounts"]; }
  // How often an operation was called since the start or the last clear_calls.
  std::size_t calls(const std::string& operation);
  std::size_t calls();
  void clear_calls() { admin("DELETE", "/calls"); }
  void add_fault(const nlohmann::json& fault) { admin("POST", "/faults", fault); }
  // An account that a person makes at the Console: {"id", "token", …}. `fields` may have description and
  // roles.
  nlohmann::json make_by_hand(const std::string& name, nlohmann::json fields = nlohmann::json::object(),
                              const std::string& project_id = "");
  // The one account of that ID; null when there is none.
  nlohmann::json account(const std::string& id);
  bool is_live(const std::string& token) { return admin("POST", "/verify", {{"token", token}})["live"]; }

  process& program() { return process_; }

 private:
  std::string line(const std::string& key);

  process process_;
  std::string gateway_;
  std::string admin_;  // "127.0.0.1:1234"
  std::string organization_;
  std::string organization_id_;
  std::filesystem::path credential_file_;
};

}  // namespace platformer::test
