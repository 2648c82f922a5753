// Kubeconfig files: read and resolved, or refused with a message that repeats no credential. Files that an
// entry names are not opened here.
#include "kube/kubeconfig_document.hpp"
#include "kube/kubeconfig_resolve.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

void forget_files(kube::kubeconfig_document& document) {
  for (auto& [name, cluster] : document.clusters)
    cluster.ca.file.clear();
  for (auto& [name, user] : document.users) {
    user.token_file.clear();
    user.certificate.file.clear();
    user.key.file.clear();
  }
}

// The text that stands for a secret is a credential, and nothing else in the file.
bool has_secret(const kube::kubeconfig_document& document, std::string_view text) {
  const auto first = text.find(fuzz::canary);
  if (first == std::string_view::npos || text.find(fuzz::canary, first + 1) != std::string_view::npos)
    return false;
  for (const auto& [name, user] : document.users)
    for (const auto& value : {user.token, user.password})
      if (value && value->reveal() == fuzz::canary) return true;
  return false;
}

void resolve(const kube::kubeconfig_document& document, std::string_view context, bool secret) {
  kube::environment env;
  env.get = [](const std::string&) { return std::optional<std::string>(); };
  env.all = {"PATH=/usr/bin"};
  const auto config = kube::resolve_context(document, context, env);
  if (!config) {
    check(!config.error().message.empty(), "an error has a message");
    if (secret) fuzz::check_no_canary(config.error().message, "an error repeats no credential");
    return;
  }
  check(!config->server.host.empty() && config->server.port != 0, "a server has a host and a port");
  check(config->base_path.empty() || config->base_path.front() == '/', "a base path is a path");
  if (const auto* fixed = std::get_if<kube::fixed_authorization>(&config->credential)) {
    check(fixed->value != nullptr, "a credential is there");
    for (const char c : fixed->value->reveal())
      check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a header's value has no control characters");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  kube::kubeconfig_document document;
  const auto merged = kube::merge_kubeconfig(document, "/home/dev/.kube/config", text);
  if (!merged) {
    check(!merged.error().message.empty(), "an error has a message");
    check(merged.error().message.size() <= 2 * size + 1024, "and is bounded by what it may quote");
    return 0;
  }
  forget_files(document);
  const bool secret = has_secret(document, text);
  resolve(document, "", secret);
  std::size_t tried = 0;
  for (const auto& [name, context] : document.contexts)
    if (++tried <= 4) resolve(document, name, secret);
  // Merged with itself it stays as it is: the first definition wins.
  kube::kubeconfig_document twice = document;
  check(kube::merge_kubeconfig(twice, "/etc/second", text).has_value(), "it can be read twice");
  check(twice.current_context == document.current_context && twice.users.size() == document.users.size(),
        "and defines nothing anew");
  return 0;
}
