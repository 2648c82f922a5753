// FNV-1a 64: a stable, seedless hash for identity and spreading; never for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace platformer {

constexpr std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : bytes)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

// Eight hex digits, for the end of a name: "e27676a4".
inline std::string short_hash(std::string_view bytes) {
  const std::uint64_t hash = fnv1a(bytes);
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(hash ^ (hash >> 32U)));
  return text.data();
}

}  // namespace platformer
