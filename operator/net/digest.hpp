// Hashes, random names and base64, on OpenSSL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret_string.hpp"
#include "model/base64.hpp"

namespace platformer::net {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// "sha256:" and the first 12 hex digits: enough to tell two tokens apart, useless for getting one back.
std::string fingerprint(std::string_view bytes);

// `bytes` random bytes from OpenSSL's generator, as 2 × `bytes` hex digits. Ends the program when there is no
// randomness to be had: names made without it could collide.
std::string random_hex(std::size_t bytes);

// Base64 in the other direction is pure, and the same.
using platformer::base64_append;
using platformer::base64_size;

// Strict but for CR and LF, which are skipped as Go does (kubeconfig files are wrapped by hand at times).
// When it is not base64, `ok` is false and the result is empty.
secret_string base64_decode(std::string_view text, bool& ok);

}  // namespace platformer::net
