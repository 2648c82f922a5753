// The spec's rules once more in the core: the CRD's CEL rules say the same at admission, but an object may be
// older than a rule, or the CRD installed without it.
#pragma once

#include <optional>
#include <string>

#include "model/service_account.hpp"

namespace platformer::accounts {

// What is wrong with the spec and which field to correct; nullopt when nothing is.
std::optional<std::string> find_problem(const service_account_spec& spec);

}  // namespace platformer::accounts
