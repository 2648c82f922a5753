// What people read of a connection.
#include "controllers/console_connection/plan.hpp"
#include "model/condition_list.hpp"

namespace platformer::connections {
namespace {

// Only what this run learned of it is new.
void set_credential_health(condition_list& list, const state& now) {
  const conclusion& end = *now.end;
  const bool bad = end.why == &reason::credentials_rejected || end.why == &reason::credentials_not_found;
  if (bad)
    list.set("CredentialValid", false, *end.why, end.message);
  else if (now.in_use_live || now.credential_live.value_or(false))
    list.set("CredentialValid", true, reason::connected, "the Console accepts the credential");
  else
    list.keep("CredentialValid");
}

// The credential that the operator made, as far as the Secret's note is about what it holds.
void set_rotation(console_connection_status& status, condition_list& list, const snapshot& seen,
                  const state& now) {
  const auto& wanted = seen.object.spec.rotate_credentials;
  if (!wanted) {
    status.credential.reset();
    return;
  }
  const credential_note& note = current_note(seen, now);
  if (note.fits) {
    const auto& before = seen.object.status.credential;
    credential_status made{.operation_id = note.operation_id,
                           .account_id = clean_message(note.account_id, 128),
                           .issued_at = note.issued_at,
                           .expires_at = note.expires_at,
                           .replace_at = replacement_due(note, wanted->interval),
                           .left_account = {}};
    if (now.left_account)
      made.left_account = *now.left_account;
    else if (before && before->operation_id == made.operation_id)
      made.left_account = before->left_account;
    status.credential = std::move(made);
  }
  if (now.rotation.problem != nullptr) {
    list.set("CredentialRotated", false, *now.rotation.problem, now.rotation.problem_message);
  } else if (!note.fits) {
    list.keep("CredentialRotated");
  } else {
    std::string text = "the credential is that of account " + status.credential->account_id;
    if (const auto at = status.credential->replace_at) text += "; it is replaced at " + format_rfc3339(*at);
    if (const std::string& left = status.credential->left_account; !left.empty())
      text += ". Account " + left + ", made by hand, is not needed any more: delete it at the Console";
    list.set("CredentialRotated", true, reason::credential_rotated, text);
  }
}

}  // namespace

console_connection_status derive_status(const snapshot& seen, const state& now, time_point at) {
  const conclusion& end = *now.end;
  console_connection_status status = seen.object.status;
  status.observed_generation = seen.object.meta.generation;
  // The one that accounts use, whatever the spec leads to and whatever somebody wrote there.
  status.organization_id = now.installed ? now.organization_id : home_organization(seen);
  if (now.credential_live) status.token_valid = *now.credential_live;
  if (now.in_use_live) status.token_valid = true;
  status.service_accounts.reset();
  if (seen.sees_all_users) status.service_accounts = static_cast<std::int64_t>(seen.users);
  status.throttled_until = seen.paused_until
                               ? std::optional(std::chrono::ceil<std::chrono::seconds>(*seen.paused_until))
                               : std::nullopt;
  if (now.orphans) {
    status.orphans.clear();
    for (const orphaned_account& each : *now.orphans)
      if (status.orphans.size() < platformer::orphans_listed)
        status.orphans.push_back(clean_message(each.name, 128));
  }
  condition_list list(seen.object.status.conditions, seen.object.meta.generation, at);
  list.set("Ready", end.view == conclusion::outlook::ready, *end.why, end.message);
  if (end.view == conclusion::outlook::reconciling) list.set("Reconciling", true, *end.why, end.message);
  if (end.view == conclusion::outlook::stalled) list.set("Stalled", true, *end.why, end.message);
  set_credential_health(list, now);
  if (seen.tokens_refused_until && !now.refusals_forgotten)
    list.set(
        "TokensAccepted", false, reason::tokens_rejected,
        "the Console rejects the tokens of so many of this connection's accounts that no more of them are "
        "renewed for it now. Check the Console; a tenth of the accounts an hour is renewed");
  set_rotation(status, list, seen, now);
  status.conditions = list.take();
  return status;
}

}  // namespace platformer::connections
