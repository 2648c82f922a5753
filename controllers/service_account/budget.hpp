// Spacing: how often tokens of one object may be minted (docs/issuance-protocol.md). Automatic mintings other
// than by schedule keep a growing distance, so that a controller that keeps deleting our Secret can't make us
// kill tokens without end; people's requests and renewals by schedule are limited per hour.
#pragma once

#include "model/operation.hpp"

namespace platformer::accounts {

inline constexpr duration first_distance = std::chrono::minutes(1);     // doubling …
inline constexpr duration longest_distance = std::chrono::hours(6);     // … up to this
inline constexpr duration revocation_distance = std::chrono::hours(1);  // of a token that the Console rejects
inline constexpr duration quiet_time = std::chrono::hours(24);          // after which the count starts anew
inline constexpr std::int64_t requests_per_hour = 10;
// By schedule: more often than any spec asks for, so that only notes that were forged, or a Console that
// grants minutes, meet it.
inline constexpr std::int64_t scheduled_per_hour = 30;

// When the next minting of that cause is allowed; a time in the past or `now` means at once.
time_point allowed_at(const mint_budget& budget, mint_cause cause, time_point now);

// Of two accounts of the same mintings whatever allows less, now and later: the annotation may have been
// edited.
mint_budget stricter(const mint_budget& one, const mint_budget& other, time_point now);

// The budget after a minting of that cause at `now`.
mint_budget charge(mint_budget budget, mint_cause cause, time_point now);

}  // namespace platformer::accounts
