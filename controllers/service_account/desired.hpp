// What the account and the Secret should be, worked out from the spec, and how they differ from what is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controllers/service_account/findings.hpp"

namespace platformer::accounts {

// All fields of a new account. facts.names must be there.
account_fields desired_account(const snapshot& seen, const state& now, time_point at);

// The fields in which `is` differs from the spec, and their names for the event; empty fields when it is in
// line. The expiry of a living token is compared only where the spec fixes it: a rolling one changes by
// issuance.
struct account_difference {
  account_fields change;
  std::vector<std::string> names;
  bool empty() const { return names.empty(); }
};
account_difference compare_account(const snapshot& seen, const state& now, const account& is);

// The expiry to ask for at an issuance at `at`; nullopt: never expires.
std::optional<time_point> desired_expiry(const service_account_spec& spec, time_point at);

// The owner reference that makes a Secret ours.
owner_reference owner_reference_to(const object_meta& object);

// The write that commits `minted`: create when there is no Secret, else a change of the one seen.
secret_write commit_write(const snapshot& seen, const state& now, const minted_token& minted);

// The write that puts labels, annotations, owner or key right without a new token; nullopt when all is right.
// Needs the contents where the key may be wrong.
std::optional<secret_write> repair_write(const snapshot& seen, const state& now);

// The write that carries the token from the old Secret to the new name; facts.old_secret must hold an intact
// token.
secret_write move_write(const snapshot& seen, const state& now);

// The write that lets a Secret outlive its object: without owner reference and label of ours.
secret_write release_write(const object_meta& secret);

}  // namespace platformer::accounts
