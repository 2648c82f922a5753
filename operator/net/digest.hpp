// Hashes, random names and base64, on OpenSSL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret_string.hpp"

namespace platformer::net {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// "sha256:" and the first 12 hex digits: enough to tell two tokens apart, useless for getting one back.
std::string fingerprint(std::string_view bytes);

// `bytes` random bytes from OpenSSL's generator, as 2 × `bytes` hex digits. Ends the program when there is no
// randomness to be had: names made without it could collide.
std::string random_hex(std::size_t bytes);

// Standard alphabet with padding (RFC 4648 §4). When `bytes` is secret, reserve `base64_size` first: an `out`
// that has to grow leaves a copy of what it held behind.
void base64_append(std::string& out, std::string_view bytes);
constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

// Strict but for CR and LF, which are skipped as Go does (kubeconfig files are wrapped by hand at times).
// When it is not base64, `ok` is false and the result is empty.
secret_string base64_decode(std::string_view text, bool& ok);

}  // namespace platformer::net
