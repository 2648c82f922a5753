#include "model/secret_template.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/base64.hpp"

namespace platformer {
namespace {

constexpr std::array<std::pair<std::string_view, template_name>, 6> known_names = {
    {{"token", template_name::token},
     {"account-id", template_name::account_id},
     {"organization-id", template_name::organization_id},
     {"project-id", template_name::project_id},
     {"gateway", template_name::gateway},
     {"expires-at", template_name::expires_at}}};
constexpr std::string_view base64_prefix = "base64:";
// Of a name that is quoted in a message.
constexpr std::size_t quoted_limit = 40;

std::optional<template_name> find_name(std::string_view text) {
  for (const auto& [name, value] : known_names)
    if (name == text) return value;
  return std::nullopt;
}

// UTF-8 continuation bytes begin no character.
std::string place(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto count = std::count_if(before.begin(), before.end(),
                                   [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return " at character " + std::to_string(count + 1);
}

tl::unexpected<error> unknown_name(std::string_view name, const std::string& where) {
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
  std::string quoted(printable ? name.substr(0, quoted_limit) : "...");
  std::string message = "${" + quoted + "}" + where + " is not known; known are ";
  for (const auto& [known, value] : known_names)
    message += "${" + std::string(known) + "}, ";
  return fail(message + "and ${base64:...} of each");
}

// The value of a name as the token's neighbours see it: a view that lives as long as both arguments.
std::string_view value_of(template_name name, const template_values& values, const std::string& expiry) {
  switch (name) {
    case template_name::token:
      return values.token->reveal();
    case template_name::account_id:
      return values.account_id;
    case template_name::organization_id:
      return values.organization_id;
    case template_name::project_id:
      return values.project_id;
    case template_name::gateway:
      return values.gateway;
    case template_name::expires_at:
      return expiry;
  }
  return {};
}

std::string expiry_of(const template_values& values) {
  return values.expires_at ? format_rfc3339(*values.expires_at) : std::string();
}

}  // namespace

result<secret_template> parse_template(std::string_view text) {
  secret_template parsed;
  template_piece piece;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      piece.literal += text[at++];
      continue;
    }
    const auto rest = text.substr(at);
    if (rest.starts_with("$$")) {
      piece.literal += '$';
      at += 2;
      continue;
    }
    if (!rest.starts_with("${"))
      return fail("the $" + place(text, at) + " stands alone: write $$ for a dollar sign");
    const auto end = rest.find('}');
    if (end == std::string_view::npos) return fail("the ${" + place(text, at) + " has no }");
    auto name = rest.substr(2, end - 2);
    piece.base64 = name.starts_with(base64_prefix);
    piece.name = find_name(piece.base64 ? name.substr(base64_prefix.size()) : name);
    if (!piece.name) return unknown_name(name, place(text, at));
    parsed.pieces.push_back(std::exchange(piece, {}));
    at += end + 1;
  }
  if (!piece.literal.empty()) parsed.pieces.push_back(std::move(piece));
  return parsed;
}

std::size_t expanded_size(const secret_template& parsed, const template_values& values) {
  const std::string expiry = expiry_of(values);
  std::size_t size = 0;
  for (const template_piece& piece : parsed.pieces) {
    size += piece.literal.size();
    if (!piece.name) continue;
    const auto bytes = value_of(*piece.name, values, expiry).size();
    size += piece.base64 ? base64_size(bytes) : bytes;
  }
  return size;
}

secret_string expand(const secret_template& parsed, const template_values& values) {
  const std::string expiry = expiry_of(values);
  std::string text;
  // Never grows after this, so no copy of the token is left behind.
  text.reserve(expanded_size(parsed, values));
  for (const template_piece& piece : parsed.pieces) {
    text += piece.literal;
    if (!piece.name) continue;
    const auto value = value_of(*piece.name, values, expiry);
    if (piece.base64)
      base64_append(text, value);
    else
      text += value;
  }
  return secret_string::take(std::move(text));
}

}  // namespace platformer
