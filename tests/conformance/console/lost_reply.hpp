// How a simulation on console_model plays a fault: whether the call is carried out, and what its caller sees
// instead of the answer. The emulator and the operator's client do the same with real connections.
#pragma once

#include "model/api_error.hpp"
#include "tests/conformance/console/calls.hpp"

namespace platformer::conformance {

// The call is carried out although its answer does not arrive.
bool commits(fault::kind what);

// What the caller gets instead of the answer. `of_create`: the call names a new account.
api_error seen_by_caller(const fault& hit, bool of_create);

}  // namespace platformer::conformance
