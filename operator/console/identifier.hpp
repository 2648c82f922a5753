// What an identifier of the Console may look like (openapi.yaml, schema Id). Identifiers go into paths,
// headers, annotations and messages, so anything that could mean something there is refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace platformer::console {

inline constexpr std::size_t max_id_bytes = 128;

constexpr bool is_safe_id(std::string_view id) {
  const auto safe = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("._~:@=+-").find(c) != std::string_view::npos;
  };
  return !id.empty() && id.size() <= max_id_bytes && id != "." && id != ".." &&
         std::all_of(id.begin(), id.end(), safe);
}

}  // namespace platformer::console
