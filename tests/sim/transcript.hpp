// Requests, answers and ends in words, for transcripts.
#pragma once

#include <string>

#include "controllers/console_connection/effects.hpp"
#include "controllers/service_account/state.hpp"

namespace platformer::sim {

std::string describe(const accounts::request& wanted);
std::string describe(const connections::request& wanted);
std::string describe(const accounts::response& reply);
std::string describe(const connections::response& reply);
std::string describe_end(const accounts::state& now);
// "1h 02:03.004" since the start.
std::string stamp(duration since_start);

}  // namespace platformer::sim
