// What happens to a reply's body before a JSON parser sees it: the one-time token is lifted out and
// overwritten, so that no parser's buffer ever holds it, and nesting is limited. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::console {

inline constexpr std::size_t max_body_bytes = 1024 * 1024;
inline constexpr std::size_t max_nesting = 64;
inline constexpr std::size_t max_token_bytes = 8 * 1024;

struct lifted_body {
  std::string
      json;  // every string member named "token" is overwritten with x's; wiped at the end nonetheless
  token_handle token;      // the value of data.token; null when there is none
  bool bad_token = false;  // data.token is there, but is no usable token, or there are two

  lifted_body() = default;
  lifted_body(lifted_body&&) = default;
  lifted_body& operator=(lifted_body&&) = default;
  ~lifted_body() { wipe(json); }
};

// Fails when the body is too large, too deeply nested or ends inside a string. Whether it is JSON at all is
// for the parser to find out.
result<lifted_body> lift_token(std::string_view body);

// 1 byte to max_token_bytes of visible ASCII: what can stand in an Authorization header as it is.
bool is_usable_token(std::string_view token);

// Overwrites every occurrence of the secrets with asterisks; empty secrets are ignored.
void mask(std::string& text, std::span<const std::string_view> secrets);

}  // namespace platformer::console
