// What a reply adds to the facts. Shared by the files that make up `step`; not for others.
#pragma once

#include "controllers/service_account/state.hpp"

namespace platformer::accounts {

// `reply` is an answer of the awaited request's kind, not an error.
void absorb(const snapshot& seen, state& now, const request& asked, const response& reply, time_point at,
            std::vector<event_note>& events);

// The awaited request failed: what that means for the object, and what is known of the world after it.
void absorb_error(const snapshot& seen, state& now, const request& asked, const api_error& error,
                  time_point at);

}  // namespace platformer::accounts
