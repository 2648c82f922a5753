// Identities, tokens and digests of the emulator, from OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/models/console_model_types.hpp"

namespace platformer::emulator {

// 20 random letters and digits; "pct_" and 256 random bits in base64url; SHA-256.
models::token_functions openssl_token_functions();

std::string to_hex(const models::token_digest& digest);
std::optional<models::token_digest> digest_from_hex(std::string_view hex);

// "sha256:" and the first 12 hex digits, as the operator writes it on Secrets.
std::string fingerprint(const models::token_digest& digest);

}  // namespace platformer::emulator
