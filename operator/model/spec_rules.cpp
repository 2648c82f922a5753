#include "model/spec_rules.hpp"

#include <algorithm>

#include "model/secret_template.hpp"

namespace platformer {
namespace {

constexpr std::size_t key_limit = 253;
constexpr std::size_t template_limit = 32;
constexpr std::size_t restart_limit = 16;

// A key of a Secret, as Kubernetes has it.
bool is_secret_key(std::string_view key) {
  static constexpr std::string_view allowed =
      "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !key.empty() && key.size() <= key_limit &&
         key.find_first_not_of(allowed) == std::string_view::npos && key != "." && !key.starts_with("..");
}

bool is_prescribed(std::string_view key, secret_type type) {
  switch (type) {
    case secret_type::opaque:
      return false;
    case secret_type::docker_config:
      return key == docker_config_key;
    case secret_type::basic_auth:
      return key == basic_auth_username_key || key == basic_auth_password_key;
  }
  return false;
}

std::optional<std::string> find_type_problem(const secret_spec& secret) {
  const std::string type(to_string(secret.type));
  if (secret.type == secret_type::opaque) {
    if (secret.registry)
      return "spec.secret.registry is for the types kubernetes.io/dockerconfigjson and "
             "kubernetes.io/basic-auth";
    return std::nullopt;
  }
  if (!secret.registry || secret.registry->username.empty())
    return "spec.secret.registry.username is missing: " + type + " needs it";
  if (secret.registry->username.find(':') != std::string::npos)
    return "spec.secret.registry.username must not contain a colon";
  if (secret.type == secret_type::docker_config) {
    if (secret.registry->host.empty()) return "spec.secret.registry.host is missing: " + type + " needs it";
    if (secret.key == docker_config_key)
      return "spec.secret.key must not be .dockerconfigjson: the token itself lies in a key of its own";
    return std::nullopt;
  }
  if (!secret.registry->host.empty())
    return "spec.secret.registry.host is for the type kubernetes.io/dockerconfigjson";
  if (secret.key != basic_auth_password_key)
    return "spec.secret.key must be password, or be left out, with the type kubernetes.io/basic-auth";
  return std::nullopt;
}

std::optional<std::string> find_template_problem(const secret_spec& secret) {
  if (secret.templates.size() > template_limit) return "spec.secret.template has more than 32 entries";
  std::size_t size = 0;
  for (const auto& [key, text] : secret.templates) {
    if (!is_secret_key(key)) return "spec.secret.template: " + key + " is not a key of a Secret";
    if (key == secret.key || key == secret.previous_key || is_prescribed(key, secret.type))
      return "spec.secret.template may not set " + key + ": the operator writes that key itself";
    size += text.size();
    if (size > expanded_limit_bytes) return "spec.secret.template has more than 65536 bytes";
    if (const auto parsed = parse_template(text); !parsed)
      return "spec.secret.template[" + key + "]: " + parsed.error().message;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_token_problem(const token_spec& token) {
  if (token.renew_before && !token.lifetime) return "spec.token.renewBefore is for a token with lifetime";
  if (token.renew_before && *token.renew_before >= *token.lifetime)
    return "spec.token.renewBefore must be shorter than lifetime";
  return std::nullopt;
}

std::optional<std::string> find_secret_problem(const secret_spec& secret, const token_spec& token) {
  if (!secret.previous_key.empty()) {
    if (token.strategy != token_strategy::replace)
      return "spec.secret.previousKey is for spec.token.strategy: Replace";
    if (!is_secret_key(secret.previous_key)) return "spec.secret.previousKey is not a key of a Secret";
    if (secret.previous_key == secret.key || is_prescribed(secret.previous_key, secret.type))
      return "spec.secret.previousKey is the key of something else";
  }
  if (auto problem = find_type_problem(secret)) return problem;
  return find_template_problem(secret);
}

std::optional<std::string> find_restart_problem(const std::vector<restart_target>& targets) {
  if (targets.size() > restart_limit) return "spec.rolloutRestartTargets has more than 16 entries";
  if (std::any_of(targets.begin(), targets.end(), [](const auto& each) { return each.name.empty(); }))
    return "spec.rolloutRestartTargets: a name is empty";
  return std::nullopt;
}

std::optional<std::string> find_connection_problem(const console_connection& connection) {
  const console_connection_spec& spec = connection.spec;
  const bool has_ns = !spec.credentials.ns.empty() || (spec.ca_bundle && !spec.ca_bundle->ns.empty());
  if (!connection.cluster_scoped()) {
    if (has_ns) return "a ConsoleConnection reads Secrets of its own namespace only: remove namespace";
    if (!(spec.used_from == namespace_selection{}))
      return "spec.allowedNamespaces is for a ClusterConsoleConnection";
  } else if (spec.credentials.ns.empty() || (spec.ca_bundle && spec.ca_bundle->ns.empty())) {
    return "a ClusterConsoleConnection needs the namespace of each Secret that it names";
  }
  if (spec.rotate_credentials && spec.rotate_credentials->account_name.empty())
    return "spec.rotateCredentials.accountName is missing";
  return std::nullopt;
}

}  // namespace platformer
