#include "net/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "net/wiping_allocator.hpp"

namespace platformer::net {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr unsigned not_a_digit = 64;

std::string to_hex(const unsigned char* bytes, std::size_t size) {
  std::string hex;
  hex.reserve(2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    hex += hex_digits[bytes[i] >> 4U];
    hex += hex_digits[bytes[i] & 0x0FU];
  }
  return hex;
}

unsigned digit_value(char digit) {
  if (digit >= 'A' && digit <= 'Z') return static_cast<unsigned>(digit - 'A');
  if (digit >= 'a' && digit <= 'z') return static_cast<unsigned>(digit - 'a') + 26;
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0') + 52;
  if (digit == '+') return 62;
  if (digit == '/') return 63;
  return not_a_digit;
}

// Four digits without padding, or two or three when they are the last group.
bool append_group(const std::array<unsigned, 4>& group, std::size_t digits, wiped_bytes& out) {
  if (digits < 2) return false;
  const std::uint32_t bits = group[0] << 18U | group[1] << 12U | group[2] << 6U | group[3];
  // Bits that stand for no byte must be 0, or one value would have several texts.
  if ((digits == 2 && (bits & 0xFFFFU) != 0) || (digits == 3 && (bits & 0xFFU) != 0)) return false;
  for (std::size_t i = 0; i + 1 < digits; ++i)
    out.push_back(static_cast<char>(bits >> (16U - 8U * i) & 0xFFU));
  return true;
}

bool decode(std::string_view text, wiped_bytes& out) {
  std::array<unsigned, 4> group{};
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') {
      if (++padding + digits > 4) return false;
      continue;
    }
    const unsigned value = digit_value(c);
    if (value == not_a_digit || padding != 0) return false;
    group[digits++] = value;
    if (digits == 4) {
      if (!append_group(group, digits, out)) return false;
      group = {};
      digits = 0;
    }
  }
  if (digits == 0) return padding == 0;
  return digits + padding == 4 && append_group(group, digits, out);
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) std::abort();
  return to_hex(digest.data(), size);
}

std::string fingerprint(std::string_view bytes) {
  return "sha256:" + sha256_hex(bytes).substr(0, 12);
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  auto* data = reinterpret_cast<unsigned char*>(raw.data());
  if (RAND_bytes(data, static_cast<int>(bytes)) != 1) std::abort();
  return to_hex(data, bytes);
}

secret_string base64_decode(std::string_view text, bool& ok) {
  wiped_bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  ok = decode(text, bytes);
  return ok ? secret_string(std::string_view(bytes.data(), bytes.size())) : secret_string();
}

}  // namespace platformer::net
