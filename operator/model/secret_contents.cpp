#include "model/secret_contents.hpp"

#include <array>

#include "model/base64.hpp"

namespace platformer {
namespace {

// An escape at most, \u00XX, for each byte.
constexpr std::size_t worst_escape = 6;

void append_json(std::string& out, std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 0x0FU];
    } else {
      out += c;
    }
  }
  out += '"';
}

token_handle share(secret_string&& text) {
  return std::make_shared<const secret_string>(std::move(text));
}

}  // namespace

secret_string docker_config_json(const registry_spec& registry, const secret_string& token) {
  const auto pair_size = registry.username.size() + 1 + token.size();
  std::string pair;
  pair.reserve(pair_size);
  pair.append(registry.username).append(":").append(token.reveal());
  std::string text;
  // Never grows after this, so no copy of the token is left behind.
  text.reserve(128 + worst_escape * (registry.host.size() + pair_size) + base64_size(pair_size));
  text += R"({"auths":{)";
  append_json(text, registry.host);
  text += R"(:{"username":)";
  append_json(text, registry.username);
  text += R"(,"password":)";
  append_json(text, token.reveal());
  text += R"(,"auth":")";
  base64_append(text, pair);
  text += R"("}}})";
  wipe(pair);
  return secret_string::take(std::move(text));
}

result<secret_data> secret_contents(const secret_spec& spec, const template_values& values) {
  secret_data data;
  std::size_t size = 0;
  for (const auto& [key, text] : spec.templates) {
    const auto parsed = parse_template(text);
    if (!parsed) return fail("spec.secret.template[" + key + "]: " + parsed.error().message);
    size += expanded_size(*parsed, values);
    if (size > expanded_limit_bytes)
      return fail("spec.secret.template: with their values filled in the texts have more than 65536 bytes");
    data[key] = share(expand(*parsed, values));
  }
  const registry_spec registry = spec.registry.value_or(registry_spec{});
  if (spec.type == secret_type::docker_config)
    data[std::string(docker_config_key)] = share(docker_config_json(registry, *values.token));
  if (spec.type == secret_type::basic_auth)
    data[std::string(basic_auth_username_key)] = share(secret_string(registry.username));
  data[spec.key] = values.token;
  return data;
}

}  // namespace platformer
