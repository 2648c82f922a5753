// Readings of the world that several oracles share.
#pragma once

#include "model/names.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

inline bool holds_live_token(const world& in, const secret_content& secret) {
  for (const auto& [key, entry] : secret.data)
    if (entry.value && in.all.console.find_by_token(entry.value->reveal(), in.now) != nullptr) return true;
  return false;
}

// The same without a previous token that its owner does not want to be kept any more, or whose overlap has
// ended.
inline bool holds_wanted_token(const world& in, const secret_content& secret, const service_account& of) {
  const auto until = parse_rfc3339(secret.meta.annotation(names::secret_previous_until));
  const bool is_kept = !of.spec.secret.previous_key.empty() && (!until || in.now < *until);
  const std::string_view previous = secret.meta.annotation(names::secret_previous_account_id);
  for (const auto& [key, entry] : secret.data) {
    const auto* its = entry.value ? in.all.console.find_by_token(entry.value->reveal(), in.now) : nullptr;
    if (its != nullptr && (its->data.id != previous || is_kept)) return true;
  }
  return false;
}

// Somebody revoked the token of the account that the Secret names: what is in there is dead, whoever put it
// there.
inline bool names_revoked_account(const world& in, const secret_content& secret) {
  const auto* its = in.all.console.find(secret.meta.annotation(names::secret_account_id));
  return its != nullptr && !its->token && in.crowd.done().tokens_revoked > 0;
}

// Listings lag behind for longer than the outcome of a call is waited for: they can't settle a doubt.
inline bool hides_creations(const world& in) {
  return in.all.console.list_lag() >= std::chrono::seconds(30);
}

// A person has to put the token back or ask for a new one; until then what is left of it stays where it is.
inline bool waits_for_lost_token(const service_account& object) {
  const condition* ready = find_condition(object.status.conditions, "Ready");
  return object.spec.secret.on_loss == loss_policy::manual && ready != nullptr && !ready->status &&
         ready->reason == reason::token_lost.name;
}

// The Secret's notes, or the status, say that this token is that account's. Where somebody took the notes
// away, or put a Secret without them back, nobody can tell.
inline bool is_known_to_be_of(const service_account& object, const secret_content& secret,
                              const secret_entry& token, const std::string& account_id) {
  const token_status& told = object.status.token;
  return (secret.meta.annotation(names::secret_account_id) == account_id &&
          secret.meta.annotation(names::secret_fingerprint) == token.fingerprint) ||
         (object.status.account_id == account_id && told.fingerprint == token.fingerprint);
}

// The Secret of the object has that account's live token, and it can be told.
inline bool is_in_use(const world& in, const service_account& object, const models::stored_account& account) {
  const auto found = in.all.kube.get(models::kube_kind::secret, {object.meta.ns, object.spec.secret.name});
  if (!found || !account.is_live(in.now)) return false;
  const auto& secret = std::get<secret_content>(**found);
  const auto entry = secret.data.find(object.spec.secret.key);
  return entry != secret.data.end() && entry->second.value &&
         in.all.console.digest(entry->second.value->reveal()) == account.token &&
         is_known_to_be_of(object, secret, entry->second, account.data.id);
}

}  // namespace platformer::sim
