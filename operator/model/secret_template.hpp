// Texts of spec.secret.template: what a key of the Secret holds, with ${...} where a value goes. ${token},
// ${account-id}, ${organization-id}, ${project-id}, ${gateway} and ${expires-at} are known, ${base64:NAME} is
// the same in base64, and $$ is a dollar sign. Any other dollar sign is an error, so that later names can't
// change the meaning of a text that is in use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer {

enum class template_name : std::uint8_t {
  token,
  account_id,
  organization_id,
  project_id,  // empty for an organization-level account
  gateway,
  expires_at,  // RFC 3339; empty when the token has no end
};

// What the names stand for.
struct template_values {
  token_handle token;  // never null
  std::string account_id;
  std::string organization_id;
  std::string project_id;
  std::string gateway;
  std::optional<time_point> expires_at;
};

struct template_piece {
  std::string literal;                // goes before the value
  std::optional<template_name> name;  // nullopt: nothing more, the text ends
  bool base64 = false;
  bool operator==(const template_piece&) const = default;
};

struct secret_template {
  std::vector<template_piece> pieces;
  bool operator==(const secret_template&) const = default;
};

// Of the expanded text of all keys of one Secret together. Kubernetes itself allows 1 MiB a Secret.
inline constexpr std::size_t expanded_limit_bytes = 64UL * 1024;

// The error names what is unknown or unfinished, and its place in the text, in characters from 1.
result<secret_template> parse_template(std::string_view text);

// How long the expanded text is, in bytes.
std::size_t expanded_size(const secret_template& parsed, const template_values& values);

// The text. It holds the token, so it is wiped like one.
secret_string expand(const secret_template& parsed, const template_values& values);

}  // namespace platformer
