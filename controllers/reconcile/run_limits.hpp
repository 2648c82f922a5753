// What each run of a decision is given, whoever performs its requests.
#pragma once

#include <cstddef>

namespace platformer::controllers {

// No decision takes so many requests; a run that does is a bug of ours, and must not become a storm.
inline constexpr unsigned run_requests_limit = 64;

// Of the random ID that its intent, its log lines and the Console's records name it by.
inline constexpr std::size_t operation_id_bytes = 10;

}  // namespace platformer::controllers
