#include "controllers/service_account/policies.hpp"

#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {
namespace {

// For this very object: a predecessor's Secret says nothing about it.
bool was_issued(const snapshot& seen, const state& now) {
  if (seen.object->status.token.revision != 0) return true;
  return view_secret(seen, now).owner != secret_owner::predecessor && current_record(now).revision != 0;
}

// A renewal that can wait until another account is there leaves the token in use alone, where the spec wants
// that.
decision renewal_of(const snapshot& seen, const state& now, mint_cause cause, const account& ours) {
  if (seen.object->spec.token.strategy == token_strategy::replace && has_token(seen, now))
    return {cause, operation_kind::create, nullptr, ours.id};
  return {cause, operation_kind::renew, &ours};
}

// First, since a call that may have been carried out has killed the token that the Secret still holds: every
// later policy would take that token for a live one.
std::optional<decision> in_doubt(const snapshot& seen, const state& now, const account_view& accounts,
                                 time_point) {
  const bool in_doubt = state_of_operation(seen, now) == operation_state::in_doubt ||
                        is_unfinished(seen, now, mint_cause::recovery);
  if (!in_doubt || accounts.ours == nullptr) return std::nullopt;
  // Making another account does no harm to the token of the one that there is.
  if (current_operation(now)->kind == operation_kind::create && has_token(seen, now)) return std::nullopt;
  return decision{mint_cause::recovery, operation_kind::renew, accounts.ours};
}

// Before the policies that create: an account that our predecessor left is taken over, never doubled. Its
// token is kept where it can be read and authenticates.
std::optional<decision> adopted(const snapshot& seen, const state& now, const account_view& accounts,
                                time_point) {
  if (accounts.ours != nullptr && is_unfinished(seen, now, mint_cause::adoption))
    return decision{mint_cause::adoption, operation_kind::renew, accounts.ours};
  if (accounts.predecessor == nullptr) return std::nullopt;
  const secret_view secret = view_secret(seen, now);
  const bool keeps_token = secret.token_intact && secret.record->account_id == accounts.predecessor->id &&
                           now.known.token_live.value_or(false);
  if (keeps_token) return std::nullopt;
  return decision{mint_cause::adoption, operation_kind::renew, accounts.predecessor};
}

// Before the policies that renew: there is nothing left to renew.
std::optional<decision> account_lost(const snapshot& seen, const state& now, const account_view& accounts,
                                     time_point) {
  if (accounts.ours != nullptr || accounts.predecessor != nullptr || !was_issued(seen, now))
    return std::nullopt;
  return decision{mint_cause::account_lost, operation_kind::create, nullptr};
}

// What is left without an account never had one.
std::optional<decision> never_issued(const snapshot&, const state&, const account_view& accounts,
                                     time_point) {
  if (accounts.ours != nullptr || accounts.predecessor != nullptr) return std::nullopt;
  return decision{mint_cause::initial_issue, operation_kind::create, nullptr};
}

// Before a person's request, which it settles as well: the cause then says what really happened.
std::optional<decision> token_lost(const snapshot& seen, const state& now, const account_view& accounts,
                                   time_point) {
  if (accounts.ours == nullptr || has_token(seen, now)) return std::nullopt;
  // An account without any trace of a committed token: its creation was never finished.
  const bool once_committed = was_issued(seen, now) || !now.remembered.committed_id.empty() ||
                              state_of_operation(seen, now) == operation_state::lost ||
                              is_unfinished(seen, now, mint_cause::token_lost);
  if (once_committed && seen.object->spec.secret.on_loss == loss_policy::manual) return std::nullopt;
  return decision{once_committed ? mint_cause::token_lost : mint_cause::recovery, operation_kind::renew,
                  accounts.ours};
}

// Before the schedule: a person is told that the request was honoured, and the schedule starts anew anyway.
std::optional<decision> renew_request(const snapshot& seen, const state& now, const account_view& accounts,
                                      time_point) {
  if (accounts.ours == nullptr || open_renew_request(seen, now).empty()) return std::nullopt;
  return renewal_of(seen, now, mint_cause::renew_request, *accounts.ours);
}

// After what can't wait.
std::optional<decision> scheduled(const snapshot& seen, const state& now, const account_view& accounts,
                                  time_point at) {
  const auto due = due_renewal(seen, now);
  if (accounts.ours == nullptr || !due || at < due->at) return std::nullopt;
  return renewal_of(seen, now, mint_cause::scheduled_renewal, *accounts.ours);
}

// Last: whatever else renews the token does so without drawing on what all accounts of the connection share.
std::optional<decision> revoked(const snapshot& seen, const state& now, const account_view& accounts,
                                time_point) {
  const bool may = now.known.credential_accepted && now.known.revocation && now.known.revocation->granted;
  if (accounts.ours == nullptr || !is_rejected(seen, now) || !may) return std::nullopt;
  return decision{mint_cause::revoked_externally, operation_kind::renew, accounts.ours};
}

}  // namespace

const std::array<policy, 8> mint_policies = {{
    {"in_doubt", in_doubt},
    {"adopted", adopted},
    {"account_lost", account_lost},
    {"never_issued", never_issued},
    {"token_lost", token_lost},
    {"renew_request", renew_request},
    {"scheduled", scheduled},
    {"revoked", revoked},
}};

std::optional<decision> find_cause(const snapshot& seen, const state& now, time_point at) {
  if (now.known.committed) return std::nullopt;
  const account_view accounts = view_accounts(seen, now);
  for (const policy& each : mint_policies)
    if (auto found = each.applies(seen, now, accounts, at)) return found;
  return std::nullopt;
}

bool nothing_can_exist(const snapshot& seen, const state& now) {
  const service_account_status& status = seen.object->status;
  if (status.token.revision != 0 || !status.account_id.empty() || current_record(now).revision != 0)
    return false;
  // What was taken over exists, although nothing was minted for it.
  if (now.remembered.account_written_at != time_point{}) return false;
  // There may be one that somebody else made, for this object to take over.
  if (seen.object->spec.adoption == adoption_policy::always) return false;
  // What was reason to look before does not cease to be one because the Secret that gave it has gone
  // meanwhile.
  if (now.known.recorded || now.known.listed) return false;
  // An intent that this run wrote changes nothing about what could be known before it.
  if (now.known.untouched) return true;
  const operation* op = current_operation(now);
  return op != nullptr && state_of_operation(seen, now) == operation_state::unused &&
         op->kind == operation_kind::create && op->replaces.empty() && !op->after_doubt;
}

bool has_token(const snapshot& seen, const state& now) {
  if (is_outdated(seen, now, current_record(now))) return false;
  // The token of another account than the one that is ours now (lost and found, or a Secret that was
  // exchanged).
  const account* ours = view_accounts(seen, now).ours;
  if (ours != nullptr && ours->id != recorded_account_id(seen, now)) return false;
  const secret_view secret = view_secret(seen, now);
  if (secret.owner == secret_owner::ours) return secret.token_intact;
  // Not ours yet: perhaps it was renewed since, by whoever began to take it over.
  if (secret.owner == secret_owner::predecessor)
    return secret.token_intact && now.known.token_live.value_or(true);
  if (!now.known.old_secret || !*now.known.old_secret) return false;
  const secret_content& old = **now.known.old_secret;
  return intact_token(old, read_record(old.meta).fingerprint) != nullptr;
}

}  // namespace platformer::accounts
