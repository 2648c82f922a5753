// Everything that the Secret of a ServiceAccount holds for one token.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "model/secret_spec.hpp"
#include "model/secret_template.hpp"

namespace platformer {

using secret_data = std::map<std::string, token_handle, std::less<>>;

// What kubelets read from a Secret of type kubernetes.io/dockerconfigjson:
// {"auths":{"HOST":{"username":"...","password":"TOKEN","auth":"base64 of username:TOKEN"}}}
secret_string docker_config_json(const registry_spec& registry, const secret_string& token);

// Each key of the Secret with its value: the token itself, what the type asks for, and the templates. The
// previous token (previousKey) is not among them. Fails when a template can't be parsed, or when all of them
// together are longer than expanded_limit_bytes.
result<secret_data> secret_contents(const secret_spec& spec, const template_values& values);

}  // namespace platformer
