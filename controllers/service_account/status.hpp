// The status that a conclusion leads to. Derived: it may be lost at any time and comes back.
#pragma once

#include "controllers/service_account/findings.hpp"

namespace platformer::accounts {

service_account_status derive_status(const snapshot& seen, const state& now, time_point at);

// Whether writing `to` over `from` is worth a request: a mere count of failures is not, nor another version
// of the Secret where one is told already, as somebody may write to it again and again. Both are told with
// what else changes.
bool is_worth_writing(const service_account_status& from, const service_account_status& to);

}  // namespace platformer::accounts
