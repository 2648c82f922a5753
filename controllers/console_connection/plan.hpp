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

// … that replaces the connection's own credential in time, and deletes what it leaves behind.
std::optional<request> plan_rotation(const snapshot& seen, state& now, time_point at);
// … its part that makes the new account, once it is due: listing, intent, dry run, call.
std::optional<request> plan_replacement(const snapshot& seen, state& now, const credential_note& note,
                                        time_point at);
// The intent on the connection, which may be older than this run.
std::optional<operation> intent_of(const snapshot& seen, const state& now);
// Nothing more of it in this run; with a problem the credential's condition tells it. Always nullopt.
std::optional<request> end_rotation(state& now, std::optional<time_point> retry_at, std::string problem = {});
// When that has to go on; nullopt: nothing is known to come.
std::optional<time_point> next_rotation(const snapshot& seen, const state& now, time_point at);
// Whether that is what the request is for; and what its answer or failure means.
bool concerns_rotation(const request& asked);
void absorb_rotation(const snapshot& seen, state& now, const request& asked, const response& reply,
                     time_point at);
// The Secret holds the credential that was in hand.
void credential_switched(state& now, time_point at);
// The status as this run leaves it.
console_connection_status derive_status(const snapshot& seen, const state& now, time_point at);
// The note of the credential in use.
const credential_note& current_note(const snapshot& seen, const state& now);
// The accounts with this connection's marker that nobody needs, among those listed.
std::vector<const account*> left_behind(const snapshot& seen, const state& now, time_point at);

// When the connection is looked at again by itself; nullopt: never (an interval of 0).
std::optional<time_point> next_check(const snapshot& seen, const state& now, time_point at);

void fail(state& now, conclusion::outlook view, const reason_info& why, std::string message,
          stop next = back_off{});

// The organization where the accounts of this connection are, as far as it is known: of the client in use,
// else as the status recorded it.
const std::string& home_organization(const snapshot& seen);

const object_meta& current_meta(const snapshot& seen, const state& now);

}  // namespace platformer::connections
