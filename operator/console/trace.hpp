// W3C trace context: what joins a call in the Console's log to the operation in ours.
#pragma once

#include <string>
#include <string_view>

#include "console/routes.hpp"

namespace platformer::console {

// The value of `traceparent` for a call of an operation, whose ID (at most 32 hexadecimal digits) is the end
// of the trace's: "00-000000000000<ID>-<16 digits>-01". The third part differs by the kind of call. "" for an
// ID that can't be one: it may come from an annotation that somebody forged.
std::string traceparent(std::string_view operation_id, call operation);

}  // namespace platformer::console
