// JSON from a server that may be hostile: bounded in nesting while its tree is built, never an exception.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.hpp"

namespace platformer::runtime {

// Kubernetes' own schemas stay far below.
inline constexpr std::size_t max_json_depth = 64;

// metadata.managedFields of Kubernetes' objects: who wrote which field, often more than half of an object's
// bytes, and nothing that we read.
enum class managed_fields : std::uint8_t { keep, skip };

// Fails with what is wrong and where (a byte offset), never with the text itself: it may hold a Secret.
// Invalid UTF-8 is an error, so every string of the tree may be printed. What is skipped is checked, too.
result<nlohmann::json> parse_bounded(std::string_view text, managed_fields fields = managed_fields::keep);

}  // namespace platformer::runtime
