#include "kube/kube_config.hpp"

#include <system_error>

#include "kube/kubeconfig_document.hpp"
#include "kube/kubeconfig_resolve.hpp"
#include "kube/server_url.hpp"
#include "kube/small_file.hpp"

namespace platformer::kube {
namespace {

std::string variable(const environment& env, const std::string& name) {
  return env.get ? env.get(name).value_or(std::string()) : std::string();
}

bool in_pod(const config_request& request) {
  std::error_code ignored;
  return !variable(request.env, "KUBERNETES_SERVICE_HOST").empty() &&
         std::filesystem::exists(request.service_account_dir / "token", ignored);
}

result<kube_config> load_in_cluster(const config_request& request) {
  static constexpr auto what = "the pod's service account: ";
  kube_config config;
  config.source = "the pod's service account";
  config.server.host = variable(request.env, "KUBERNETES_SERVICE_HOST");
  if (config.server.host.starts_with('[') && config.server.host.ends_with(']'))
    config.server.host = config.server.host.substr(1, config.server.host.size() - 2);
  const auto port = parse_port(variable(request.env, "KUBERNETES_SERVICE_PORT"));
  if (!port) return fail(std::string(what) + "KUBERNETES_SERVICE_PORT: " + port.error().message);
  config.server.port = *port;

  const token_file token{request.service_account_dir / "token"};
  if (const auto content = read_token_file(token.path); !content) return fail(what + content.error().message);
  config.credential = token;
  config.files.ca = request.service_account_dir / "ca.crt";
  const auto ca = read_small_file(config.files.ca);
  if (!ca) return fail(what + ca.error().message);
  config.tls.ca_pem = ca->reveal();
  const auto ns = read_token_file(request.service_account_dir / "namespace");
  config.ns = ns ? std::string(ns->reveal()) : "";
  return config;
}

// The files that KUBECONFIG lists, else ~/.kube/config.
std::vector<std::filesystem::path> default_files(const environment& env) {
  std::vector<std::filesystem::path> files;
  const auto list = variable(env, "KUBECONFIG");
  for (std::size_t from = 0; from < list.size();) {
    const auto colon = std::min(list.find(':', from), list.size());
    if (colon > from) files.emplace_back(list.substr(from, colon - from));
    from = colon + 1;
  }
  const auto home = variable(env, "HOME");
  if (files.empty() && !home.empty()) files.push_back(std::filesystem::path(home) / ".kube" / "config");
  return files;
}

result<std::monostate> merge_file(kubeconfig_document& document, const std::filesystem::path& path) {
  const auto content = read_small_file(path);
  if (!content) return fail("kubeconfig " + content.error().message);
  auto merged = merge_kubeconfig(document, path, content->reveal());
  if (!merged) return fail("kubeconfig " + merged.error().message);
  return merged;
}

result<kube_config> load_default_files(const config_request& request) {
  kubeconfig_document document;
  std::string looked;
  for (const auto& path : default_files(request.env)) {
    looked += (looked.empty() ? "" : ", ") + path.string();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    if (auto merged = merge_file(document, path); !merged) return tl::unexpected(merged.error());
  }
  if (document.files.empty())
    return fail(
        "no way to a cluster: this is no pod with a service account, and there is no kubeconfig (looked "
        "for: " +
        (looked.empty() ? "nothing, neither KUBECONFIG nor HOME is set" : looked) +
        "): give one with --kubeconfig");
  return resolve_context(document, request.context, request.env);
}

}  // namespace

environment environment_of(const char* const* variables) {
  environment env;
  for (; variables != nullptr && *variables != nullptr; ++variables)
    env.all.emplace_back(*variables);
  env.get = [all = env.all](const std::string& name) -> std::optional<std::string> {
    for (const auto& each : all)
      if (each.size() > name.size() && each[name.size()] == '=' && each.starts_with(name))
        return each.substr(name.size() + 1);
    return std::nullopt;
  };
  return env;
}

result<kube_config> load_kube_config(const config_request& request) {
  if (!request.kubeconfig.empty()) {
    kubeconfig_document document;
    if (auto merged = merge_file(document, request.kubeconfig); !merged)
      return tl::unexpected(merged.error());
    return resolve_context(document, request.context, request.env);
  }
  if (request.context.empty() && in_pod(request)) return load_in_cluster(request);
  return load_default_files(request);
}

}  // namespace platformer::kube
