// Writes the client's scripted exchanges, without tokens, where PLATFORMER_EXCHANGES says; openapi_check.py
// reads them.
#pragma once

#include <string>
#include <string_view>

namespace platformer::console {

// One exchange as it went over the wire, head and body. Does nothing when PLATFORMER_EXCHANGES is not set.
void record_exchange(std::string_view operation_id, std::string_view request, std::string_view reply);

}  // namespace platformer::console
