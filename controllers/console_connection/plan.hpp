// Shared by the files that make up `step`; not for others.
#pragma once

#include "controllers/console_connection/step.hpp"

namespace platformer::connections {

// The next request, or nullopt after setting now.end.
std::optional<request> plan(const snapshot& seen, state& now);

void fail(state& now, conclusion::outlook view, const reason_info& why, std::string message,
          stop next = back_off{});

const object_meta& current_meta(const snapshot& seen, const state& now);

}  // namespace platformer::connections
