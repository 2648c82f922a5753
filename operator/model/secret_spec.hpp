// spec.secret of a ServiceAccount: the Secret that receives the token, and in which forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/object_meta.hpp"

namespace platformer {

enum class secret_type : std::uint8_t {
  opaque,         // "Opaque" (default)
  docker_config,  // "kubernetes.io/dockerconfigjson": also .dockerconfigjson, ready for imagePullSecrets
  basic_auth,     // "kubernetes.io/basic-auth": username and, as the token's key, password
};

// The type as Kubernetes spells it.
std::string_view to_string(secret_type type);

// The registry, or other service, that a typed Secret logs in to.
struct registry_spec {
  std::string host;  // of docker_config only, as in an image's name: registry.acme.io
  std::string username;
  bool operator==(const registry_spec&) const = default;
};

enum class loss_policy : std::uint8_t {
  renew,   // a deleted or emptied Secret gets a new token (default)
  manual,  // it is reported; a person decides
};

struct secret_spec {
  std::string name;  // never empty after decoding: <metadata.name>-token by default
  std::string key = "token";
  string_map labels;
  string_map annotations;
  secret_type type = secret_type::opaque;
  string_map templates;  // further keys and their text (model/secret_template.hpp)
  std::optional<registry_spec> registry;
  std::string previous_key;  // with strategy Replace: where the old token lies; empty: not kept
  loss_policy on_loss = loss_policy::renew;
  bool operator==(const secret_spec&) const = default;
};

// Keys that Kubernetes prescribes for the types.
inline constexpr std::string_view docker_config_key = ".dockerconfigjson";
inline constexpr std::string_view basic_auth_username_key = "username";
inline constexpr std::string_view basic_auth_password_key = "password";

}  // namespace platformer
