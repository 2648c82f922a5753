#include "tests/integration/harness/console.hpp"

#include <chrono>
#include <stdexcept>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/plain_http.hpp"

namespace platformer::test {
namespace {

process start(const std::filesystem::path& folder, const console_options& options) {
  command call{.program = (the_environment().programs / "platformer-console-emulator").string(),
               .arguments = {"--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--die-with-parent",
                             "--credential-file", (folder / "credential").string()},
               .environment = {},
               .input = {}};
  if (!options.seed.empty()) call.arguments.insert(call.arguments.end(), {"--seed", options.seed.string()});
  if (!options.state.empty())
    call.arguments.insert(call.arguments.end(), {"--state", options.state.string()});
  call.arguments.insert(call.arguments.end(), options.arguments.begin(), options.arguments.end());
  return process::start(call, folder / "console.log");
}

}  // namespace

// The lines come in the order in which they are read here.
console::console(const std::filesystem::path& folder, const console_options& options)
    : process_(start(folder, options)),
      gateway_(line("gateway")),
      admin_(line("admin")),
      organization_(line("organization")),
      organization_id_(line("organization_id")),
      credential_file_(line("credential_file")) {
  if (const auto scheme = admin_.find("://"); scheme != std::string::npos) admin_.erase(0, scheme + 3);
}

std::string console::line(const std::string& key) {
  const auto found = process_.wait_for_line(key + "=", std::chrono::seconds(10));
  if (!found)
    throw std::runtime_error("the Console emulator printed no " + key + "= line:\n" + process_.output());
  return found->substr(key.size() + 1);
}

nlohmann::json console::admin(const std::string& method, const std::string& path,
                              const nlohmann::json& body) {
  const auto reply = plain_http(admin_, method, path, body.is_null() ? "" : body.dump());
  if (reply.status != 200) {
    throw std::runtime_error(method + " " + path + " at the emulator's admin API: " +
                             std::to_string(reply.status) + " " + reply.body);
  }
  return nlohmann::json::parse(reply.body);
}

nlohmann::json console::make_by_hand(const std::string& name, nlohmann::json fields,
                                     const std::string& project_id) {
  fields["name"] = name;
  fields.emplace("expired_in", nullptr);
  std::vector<std::pair<std::string, std::string>> headers = {{"Authorization", read_file(credential_file_)},
                                                              {"X-Organization-Id", organization_id_}};
  if (!project_id.empty()) headers.emplace_back("x-project-id", project_id);
  const auto address = gateway_.substr(gateway_.find("://") + 3);
  const auto made =
      plain_http(address, "POST", "/auth/api/v1/serviceaccount/token/create", fields.dump(), headers);
  if (made.status != 200) throw std::runtime_error("an account by hand: " + std::to_string(made.status));
  return nlohmann::json::parse(made.body)["data"];
}

nlohmann::json console::account(const std::string& id) {
  for (const auto& each : accounts())
    if (each["id"] == id) return each;
  return nullptr;
}

std::size_t console::calls(const std::string& operation) {
  const auto counts = admin("GET", "/calls")["counts"];
  return counts.value(operation, std::size_t{0});
}

std::size_t console::calls() {
  return admin("GET", "/calls")["total"];
}

}  // namespace platformer::test
