// JSON from a server that may be hostile: bounded in nesting before a tree is built, never an exception.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace platformer::runtime {

// Kubernetes' own schemas stay far below.
inline constexpr std::size_t max_json_depth = 64;

// Depth of the deepest array or object in the text, counted without building anything. What is inside strings
// does not count; the text need not be valid.
std::size_t json_depth(std::string_view text);

// Fails with what is wrong and where (a byte offset), never with the text itself: it may hold a Secret.
// Invalid UTF-8 is an error, so every string of the tree may be printed.
result<nlohmann::json> parse_bounded(std::string_view text, std::size_t max_depth = max_json_depth);

}  // namespace platformer::runtime
