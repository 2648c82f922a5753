// The cases, by what they are about. Each is one Console's life from empty, and each step names its answer.
#pragma once

#include <vector>

#include "tests/conformance/console/calls.hpp"

namespace platformer::conformance {

std::vector<conformance_case> account_cases();  // create, read, change, delete
std::vector<conformance_case> token_cases();    // one-time tokens, renewals, expiry
std::vector<conformance_case> access_cases();   // credentials and rights
std::vector<conformance_case> scope_cases();    // organization level and project level
std::vector<conformance_case> list_cases();     // order, pages, lag, gaps
std::vector<conformance_case> shape_cases();    // requests that the operator's client would not send
std::vector<conformance_case> hand_cases();     // people at the Console's own pages
std::vector<conformance_case> fault_cases();    // replies that are lost, late, wrong or not the Console's

std::vector<conformance_case> all_cases();

}  // namespace platformer::conformance
