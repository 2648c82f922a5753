// How encode_operation writes an intent: members in alphabetical order, without blanks. Not for others than
// the codec.
#pragma once

#include <optional>
#include <string_view>

#include "model/operation.hpp"

namespace platformer {

// What of an intent is believed.
inline constexpr std::size_t operation_id_limit = 64;
inline constexpr std::size_t account_id_limit = 128;
inline constexpr std::int64_t count_limit = 1'000'000'000;
// Bounded, so that a forged intent can't make an object wait for ever.
inline constexpr duration call_timeout_limit{300'000};

// Reads a text that encode_operation may have written, which is nearly every one that there is. nullopt: it
// is written otherwise, or beyond a limit, and a reader of any JSON has to see what it says.
std::optional<operation> read_own_operation(std::string_view annotation);

}  // namespace platformer
