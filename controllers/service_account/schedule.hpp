// When a token is renewed by itself, when that is overdue, and when a stored token is tried. Worked out from
// what the Console granted, never from what was asked for: it may grant less, and must not make us mint
// without end.
#pragma once

#include <optional>
#include <string_view>

#include "controllers/service_account/secret_record.hpp"
#include "model/service_account.hpp"

namespace platformer::accounts {

struct renewal {
  time_point at{};
  time_point overdue_at{};  // a tenth of its lead later: then the object is not Ready any more
};

// The next renewal of the token that `record` describes; nullopt: none is ever due.
//
// With a rolling expiry that is `renewBefore` ahead of the granted end; without it, or where so little was
// granted that the token would be renewed at once, a third of the granted time ahead. With a rotation
// interval not later than that after the issuance. A fixed end is never moved, so nothing is renewed for it.
//
// Fleets are issued together and must not be renewed together for ever. So each object comes earlier by a
// share of the lead that its UID decides: up to a tenth; and up to half of the way where the lead is ours to
// choose and the issuance was no scheduled one, so that a fleet is spread over half a cycle once, and stays
// so.
std::optional<renewal> next_renewal(const token_spec& spec, const secret_record& record,
                                    std::string_view uid);

// The first moment after `since` at which the object's turn to be verified comes; nullopt: it is never
// verified. The turns of a fleet are spread over the interval, and a restart moves none of them.
std::optional<time_point> next_verification(const token_spec& spec, time_point since, std::string_view uid);

}  // namespace platformer::accounts
