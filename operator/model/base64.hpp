// Base64 (RFC 4648, with padding), written into a buffer that the caller wipes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace platformer {

// How many characters `bytes` bytes become.
constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

// Appends. Whoever reserved base64_size beforehand leaves no copy behind by growth.
void base64_append(std::string& out, std::string_view bytes);

}  // namespace platformer
