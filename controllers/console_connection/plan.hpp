// Shared by the files that make up `step`; not for others.
#pragma once

#include "controllers/console_connection/step.hpp"

namespace platformer::connections {

// Accounts ask again when their refusal ends; who is refused once more then must not make the condition
// flap.
inline constexpr duration refusal_grace = std::chrono::minutes(1);
// An orphan is deleted when it has been seen so for this long …
inline constexpr duration orphan_age = std::chrono::hours(1);
// … and so many at most in one look.
inline constexpr std::size_t orphans_deleted_at_most = 20;

// The next request, or nullopt after setting now.end.
std::optional<request> plan(const snapshot& seen, state& now, time_point at);
// The part of it that compares the accounts with the Console, once a client works.
std::optional<request> plan_look(const snapshot& seen, state& now, time_point at);

// When the connection is looked at again by itself; nullopt: never (an interval of 0).
std::optional<time_point> next_check(const snapshot& seen, const state& now, time_point at);

void fail(state& now, conclusion::outlook view, const reason_info& why, std::string message,
          stop next = back_off{});

// The organization where the accounts of this connection are, as far as it is known: of the client in use,
// else as the status recorded it.
const std::string& home_organization(const snapshot& seen);

const object_meta& current_meta(const snapshot& seen, const state& now);

}  // namespace platformer::connections
