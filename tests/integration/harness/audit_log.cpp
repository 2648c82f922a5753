#include "tests/integration/harness/audit_log.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/kubectl.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

std::string text_at(const nlohmann::json& event, const char* pointer) {
  return event.value(nlohmann::json::json_pointer(pointer), std::string());
}

audited_request parse(const nlohmann::json& event) {
  return {.user = text_at(event, "/user/username"),
          .verb = text_at(event, "/verb"),
          .resource = text_at(event, "/objectRef/resource"),
          .subresource = text_at(event, "/objectRef/subresource"),
          .name_space = text_at(event, "/objectRef/namespace"),
          .name = text_at(event, "/objectRef/name"),
          .code = event.value(nlohmann::json::json_pointer("/responseStatus/code"), 0),
          .dry_run = text_at(event, "/requestURI").find("dryRun=All") != std::string::npos};
}

}  // namespace

std::string audited_request::text() const {
  std::string all = verb + " " + resource;
  if (!subresource.empty()) all += "/" + subresource;
  if (!name.empty()) all += " " + name;
  all += " " + std::to_string(code);
  return dry_run ? all + " (dry run)" : all;
}

std::ostream& operator<<(std::ostream& out, const audited_request& request) {
  return out << request.user << ": " << request.text() << " in " << request.name_space;
}

audit_log::audit_log() {
  mark();
}

void audit_log::mark() {
  const auto end = [] {
    return static_cast<std::size_t>(std::filesystem::file_size(the_environment().audit_log()));
  };
  from_ = end();
  settle();
  from_ = end();
}

std::vector<audited_request> audit_log::requests() const {
  std::ifstream file(the_environment().audit_log(), std::ios::binary);
  std::string line;
  // The file's size may have been read in the middle of a line's writing: the rest of such a line is skipped.
  file.seekg(static_cast<std::streamoff>(from_ == 0 ? 0 : from_ - 1));
  if (from_ != 0) std::getline(file, line);
  std::vector<audited_request> found;
  while (std::getline(file, line) && !file.eof()) {
    const auto event = nlohmann::json::parse(line);
    auto request = parse(event);
    // A watch that was let in has a line at its start and, much later, one at its end; everything else ends
    // once.
    const bool watching = request.verb == "watch" && request.code < 400;
    if (text_at(event, "/stage") == (watching ? "ResponseStarted" : "ResponseComplete")) {
      found.push_back(std::move(request));
    }
  }
  return found;
}

std::vector<audited_request> audit_log::requests_of(const std::string& user) const {
  auto found = requests();
  std::erase_if(found, [&](const auto& request) { return request.user != user; });
  return found;
}

std::vector<std::string> audit_log::writes_of(const std::string& user) const {
  std::vector<std::string> texts;
  for (const auto& request : requests_of(user)) {
    if (request.is_write() && request.resource != "events") texts.push_back(request.text());
  }
  return texts;
}

void audit_log::settle() const {
  // A get of an object that doesn't exist is logged with its name.
  const std::string name = unique_name("audit-mark");
  const kubectl admin(the_environment().admin_kubeconfig(), "default");
  admin.run({"get", "configmap", name});
  const bool there = eventually(std::chrono::seconds(10), [&] {
    const auto all = requests();
    return std::any_of(all.begin(), all.end(), [&](const auto& request) { return request.name == name; });
  });
  if (!there) throw std::runtime_error("the audit log does not show requests: " + name);
}

}  // namespace platformer::test
