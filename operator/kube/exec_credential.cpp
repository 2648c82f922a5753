#include "kube/exec_credential.hpp"

#include "kube/authorization_header.hpp"
#include "kube/json_text.hpp"
#include "model/json_read.hpp"
#include "net/digest.hpp"
#include "runtime/bounded_json.hpp"

namespace platformer::kube {
namespace {

constexpr std::string_view v1 = "client.authentication.k8s.io/v1";
constexpr std::string_view v1beta1 = "client.authentication.k8s.io/v1beta1";

// spec.cluster as plugins know it; ca is already read from its file.
nlohmann::json cluster_info(const cluster_entry& cluster, const kube_config& config) {
  nlohmann::json info = {{"server", cluster.server}};
  if (!cluster.tls_server_name.empty()) info["tls-server-name"] = cluster.tls_server_name;
  if (cluster.insecure_skip_tls_verify) info["insecure-skip-tls-verify"] = true;
  if (!cluster.proxy_url.empty()) info["proxy-url"] = cluster.proxy_url;
  if (!config.tls.ca_pem.empty()) {
    std::string data;
    net::base64_append(data, config.tls.ca_pem);
    info["certificate-authority-data"] = data;
  }
  if (!cluster.exec_config.is_null()) info["config"] = cluster.exec_config;
  return info;
}

std::shared_ptr<const secret_string> take_secret(nlohmann::json& status, const char* key) {
  const auto found = status.find(key);
  if (found == status.end() || !found->is_string()) return nullptr;
  auto& text = found->get_ref<std::string&>();
  if (text.empty()) return nullptr;
  auto taken = std::make_shared<const secret_string>(std::string_view(text));
  wipe(text);
  return taken;
}

}  // namespace

result<exec_plugin> prepare_exec_plugin(const exec_entry& entry, const std::filesystem::path& origin,
                                        const cluster_entry& cluster, const kube_config& config,
                                        const environment& env) {
  if (entry.api_version != v1 && entry.api_version != v1beta1)
    return fail("apiVersion \"" + entry.api_version + "\" is not supported: use " + std::string(v1));
  if (entry.command.empty()) return fail("command is missing");
  const auto& mode = entry.interactive_mode;
  if (mode == "Always") return fail("interactiveMode Always needs a terminal, which an operator has not");
  if (!mode.empty() && mode != "Never" && mode != "IfAvailable")
    return fail("interactiveMode must be Never, IfAvailable or Always");

  exec_plugin plugin;
  plugin.api_version = entry.api_version;
  plugin.command = entry.command;
  if (entry.command.find('/') != std::string::npos)
    plugin.command =
        (std::filesystem::absolute(origin).parent_path() / entry.command).lexically_normal().string();
  plugin.arguments = entry.arguments;
  plugin.install_hint = entry.install_hint;
  plugin.environment = env.all;
  for (const auto& [name, value] : entry.environment) {
    const std::string assignment = name + "=";
    std::erase_if(plugin.environment, [&](const std::string& each) { return each.starts_with(assignment); });
    plugin.environment.push_back(assignment + value);
  }
  if (entry.provide_cluster_info) plugin.cluster = cluster_info(cluster, config);
  return plugin;
}

std::string exec_info(const exec_plugin& plugin) {
  nlohmann::json spec = {{"interactive", false}};
  if (!plugin.cluster.is_null()) spec["cluster"] = plugin.cluster;
  return dump_json({{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", spec}});
}

result<exec_credential> parse_exec_credential(const exec_plugin& plugin, std::string_view output) {
  auto document = runtime::parse_bounded(output);
  if (!document || !document->is_object()) return fail("it printed no JSON object");
  if (read_string(*document, "kind") != "ExecCredential") return fail("it printed no ExecCredential");
  if (read_string(*document, "apiVersion") != plugin.api_version)
    return fail("it printed an ExecCredential of another apiVersion than " + plugin.api_version);
  const auto found = document->find("status");
  if (found == document->end() || !found->is_object()) return fail("its ExecCredential has no status");

  exec_credential credential;
  credential.token = take_secret(*found, "token");
  credential.key_pem = take_secret(*found, "clientKeyData");
  credential.certificate_pem = read_string(*found, "clientCertificateData");
  if (credential.certificate_pem.empty() != (credential.key_pem == nullptr))
    return fail("its ExecCredential has only one of clientCertificateData and clientKeyData");
  if (!credential.token && !credential.key_pem)
    return fail("its ExecCredential has neither a token nor a client certificate");
  if (credential.token && !is_header_token(credential.token->reveal()))
    return fail("its token holds blanks or control characters");
  const auto expiry = read_string(*found, "expirationTimestamp");
  if (!expiry.empty()) {
    credential.expires_at = parse_rfc3339(expiry);
    if (!credential.expires_at) return fail("its expirationTimestamp is no RFC 3339 time");
  }
  return credential;
}

}  // namespace platformer::kube
