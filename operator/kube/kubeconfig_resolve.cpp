#include "kube/kubeconfig_resolve.hpp"

#include "kube/authorization_header.hpp"
#include "kube/exec_credential.hpp"
#include "kube/server_url.hpp"
#include "kube/small_file.hpp"
#include "net/digest.hpp"

namespace platformer::kube {
namespace {

template <class Map>
std::string names_in(const Map& map) {
  std::string names;
  std::size_t shown = 0;
  for (const auto& [name, entry] : map) {
    if (++shown > 10) return names + ", …";
    names += (names.empty() ? "" : ", ") + name;
  }
  return names.empty() ? "none" : names;
}

std::string files_of(const kubeconfig_document& document) {
  std::string files;
  for (const auto& file : document.files)
    files += (files.empty() ? "" : ":") + file.string();
  return files;
}

std::filesystem::path beside(const std::filesystem::path& origin, const std::string& file) {
  return file.empty() ? std::filesystem::path() : (origin.parent_path() / file).lexically_normal();
}

// Where in which file something is wrong: `FILE: user "x": client-key: `.
std::string place(const std::filesystem::path& origin, std::string_view kind, std::string_view name,
                  std::string_view field) {
  return origin.string() + ": " + std::string(kind) + " \"" + std::string(name) +
         "\": " + std::string(field) + ": ";
}

// The PEM bytes of a field, or null when it is not set. `file` is set when they came from a file.
result<std::shared_ptr<const secret_string>> load_pem(const pem_field& field,
                                                      const std::filesystem::path& origin,
                                                      std::filesystem::path& file, const std::string& where) {
  using loaded = std::shared_ptr<const secret_string>;
  if (field.data) {
    bool ok = false;
    auto decoded = net::base64_decode(field.data->reveal(), ok);
    if (!ok) return fail(where + "the inline data is not base64");
    return std::make_shared<const secret_string>(std::move(decoded));
  }
  if (field.file.empty()) return loaded();
  file = beside(origin, field.file);
  auto content = read_small_file(file);
  if (!content) return fail(where + content.error().message);
  return std::make_shared<const secret_string>(std::move(*content));
}

result<std::monostate> apply_cluster(kube_config& config, const cluster_entry& cluster,
                                     const std::string& name) {
  const auto where = [&](std::string_view field) { return place(cluster.origin, "cluster", name, field); };
  if (cluster.server.empty()) return fail(where("server") + "is missing");
  const auto url = parse_server_url(cluster.server);
  if (!url) return fail(where("server") + url.error().message);
  config.server.tls = url->tls;
  config.server.host = url->host;
  config.server.port = url->port;
  config.server.server_name = cluster.tls_server_name;
  config.base_path = url->base_path;
  if (!cluster.proxy_url.empty()) {
    auto proxy = parse_proxy_url(cluster.proxy_url);
    if (!proxy) return fail(where("proxy-url") + proxy.error().message);
    config.server.via = std::move(*proxy);
  }
  config.tls.insecure_skip_verify = cluster.insecure_skip_tls_verify;
  auto ca = load_pem(cluster.ca, cluster.origin, config.files.ca, where("certificate-authority"));
  if (!ca) return tl::unexpected(ca.error());
  if (*ca && cluster.insecure_skip_tls_verify)
    return fail(where("insecure-skip-tls-verify") +
                "can't be true beside a certificate-authority: remove one of them");
  if (*ca) config.tls.ca_pem = (*ca)->reveal();
  return std::monostate{};
}

result<std::monostate> apply_certificate(kube_config& config, const user_entry& user,
                                         const std::string& name) {
  const auto where = [&](std::string_view field) { return place(user.origin, "user", name, field); };
  auto certificate =
      load_pem(user.certificate, user.origin, config.files.certificate, where("client-certificate"));
  if (!certificate) return tl::unexpected(certificate.error());
  auto key = load_pem(user.key, user.origin, config.files.key, where("client-key"));
  if (!key) return tl::unexpected(key.error());
  if (*certificate && !*key) return fail(where("client-key") + "is missing beside client-certificate");
  if (*key && !*certificate) return fail(where("client-certificate") + "is missing beside client-key");
  if (*certificate) {
    config.tls.certificate_pem = (*certificate)->reveal();
    config.tls.key_pem = std::move(*key);
  }
  return std::monostate{};
}

// The order is client-go's: what stands in the entry itself goes before a plugin.
result<credential_source> credential_of(const user_entry& user, const std::string& name,
                                        const cluster_entry& cluster, const kube_config& config,
                                        const environment& env) {
  const auto where = [&](std::string_view field) { return place(user.origin, "user", name, field); };
  if (!user.unsupported.empty()) return fail(where(user.unsupported) + "is not supported");
  if (!user.token_file.empty()) {
    const token_file file{beside(user.origin, user.token_file)};
    const auto content = read_token_file(file.path);
    if (!content) return fail(where("tokenFile") + content.error().message);
    return file;
  }
  if (user.token) {
    if (!is_header_token(user.token->reveal()))
      return fail(where("token") + "holds blanks or control characters");
    return fixed_authorization{bearer_value(user.token->reveal())};
  }
  if (!user.username.empty())
    return fixed_authorization{
        basic_value(user.username, user.password ? user.password->reveal() : std::string_view())};
  if (!user.exec) return anonymous{};
  auto plugin = prepare_exec_plugin(*user.exec, user.origin, cluster, config, env);
  if (!plugin) return fail(where("exec") + plugin.error().message);
  return std::move(*plugin);
}

template <class Entry>
result<const Entry*> find_entry(const std::map<std::string, Entry, std::less<>>& entries,
                                const std::string& name, const char* kind, const context_entry& context,
                                const std::string& context_name) {
  const auto found = entries.find(name);
  if (found != entries.end()) return &found->second;
  const auto where = context.origin.string() + ": context \"" + context_name + "\" ";
  if (name.empty()) return fail(where + "names no " + kind);
  return fail(where + "names " + kind + " \"" + name +
              "\", which is not defined (there are: " + names_in(entries) + ")");
}

}  // namespace

result<kube_config> resolve_context(const kubeconfig_document& document, std::string_view wanted,
                                    const environment& env) {
  const std::string name = wanted.empty() ? document.current_context : std::string(wanted);
  const auto files = files_of(document);
  const auto choose = " (there are: " + names_in(document.contexts) + ")";
  if (name.empty()) return fail(files + ": sets no current-context: choose one with --context" + choose);
  const auto context = document.contexts.find(name);
  if (context == document.contexts.end())
    return fail(files + ": has no context \"" + name + "\": choose another with --context" + choose);

  auto cluster = find_entry(document.clusters, context->second.cluster, "cluster", context->second, name);
  if (!cluster) return tl::unexpected(cluster.error());
  auto user = find_entry(document.users, context->second.user, "user", context->second, name);
  const user_entry nobody;
  if (!user && !context->second.user.empty()) return tl::unexpected(user.error());
  const user_entry& chosen = user ? **user : nobody;

  kube_config config;
  config.source = "context \"" + name + "\" of " + context->second.origin.string();
  config.ns = context->second.ns;
  auto applied = apply_cluster(config, **cluster, context->second.cluster);
  if (applied) applied = apply_certificate(config, chosen, context->second.user);
  if (!applied) return tl::unexpected(applied.error());
  auto credential = credential_of(chosen, context->second.user, **cluster, config, env);
  if (!credential) return tl::unexpected(credential.error());
  config.credential = std::move(*credential);
  return config;
}

}  // namespace platformer::kube
