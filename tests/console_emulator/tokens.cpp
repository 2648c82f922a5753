#include "tests/console_emulator/tokens.hpp"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdlib>
#include <string>

namespace platformer::emulator {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t id_length = 20;
constexpr std::size_t token_length = 43;  // 6 bits each: 258

std::string random_text(std::size_t length, std::size_t alphabet_size) {
  std::string text;
  text.reserve(length);
  while (text.size() < length) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) std::abort();  // a machine without randomness can't serve tokens
    const std::size_t index = byte & 63U;
    if (index < alphabet_size) text += alphabet[index];
  }
  return text;
}

}  // namespace

models::token_functions openssl_token_functions() {
  return {.new_id = [](std::uint64_t) { return random_text(id_length, 62); },
          .new_token =
              [](std::uint64_t) {
                std::string random = random_text(token_length, alphabet.size());
                std::string token;
                token.reserve(token_length + 4);
                token.append("pct_").append(random);
                wipe(random);
                return secret_string::take(std::move(token));
              },
          .digest =
              [](std::string_view token) {
                models::token_digest digest{};
                SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
                return digest;
              }};
}

std::string to_hex(const models::token_digest& digest) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const auto byte : digest) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

std::optional<models::token_digest> digest_from_hex(std::string_view hex) {
  models::token_digest digest{};
  if (hex.size() != digest.size() * 2) return std::nullopt;
  const auto value = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = value(hex[2 * i]);
    const int low = value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

std::string fingerprint(const models::token_digest& digest) {
  return "sha256:" + to_hex(digest).substr(0, 12);
}

}  // namespace platformer::emulator
