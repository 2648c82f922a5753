#include "model/base64.hpp"

#include <cstdint>

namespace platformer {

void base64_append(std::string& out, std::string_view bytes) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto byte = [&](std::size_t at) -> std::uint32_t {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t bits = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
    out += alphabet[bits >> 18U];
    out += alphabet[bits >> 12U & 0x3FU];
    out += at + 1 < bytes.size() ? alphabet[bits >> 6U & 0x3FU] : '=';
    out += at + 2 < bytes.size() ? alphabet[bits & 0x3FU] : '=';
  }
}

}  // namespace platformer
