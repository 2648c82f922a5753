// Shared by the files that make up `step`; not for others.
#pragma once

#include "controllers/console_connection/step.hpp"

namespace platformer::connections {

// The next request, or nullopt after setting now.end.
std::optional<request> plan(const snapshot& seen, state& now);

void fail(state& now, conclusion::outlook view, const reason_info& why, std::string message,
          stop next = back_off{});

// The organization where the accounts of this connection are, as far as it is known: of the client in use,
// else as the status recorded it.
const std::string& home_organization(const snapshot& seen);

const object_meta& current_meta(const snapshot& seen, const state& now);

}  // namespace platformer::connections
