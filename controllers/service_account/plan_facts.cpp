// Which facts a decision needs that are not known yet, and the request that brings them.
#include <algorithm>

#include "controllers/service_account/desired.hpp"
#include "controllers/service_account/plan.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

bool holds_for_generation(const service_account& object, std::string_view type) {
  const condition* found = find_condition(object.status.conditions, type);
  return found != nullptr && found->status && found->observed_generation == object.meta.generation;
}

bool look_requested(const service_account& object) {
  return object.meta.annotation(names::reconcile_annotation) != object.status.last_handled_reconcile;
}

// By its ID, in this run.
bool was_read(const snapshot& seen, const state& now, const std::string& id) {
  if (id == recorded_account_id(seen, now)) return now.known.recorded.has_value();
  if (id == current_record(now).previous_account_id) return now.known.replaced.has_value();
  const auto& confirmed = now.known.confirmed;
  return std::find(confirmed.begin(), confirmed.end(), id) != confirmed.end();
}

}  // namespace

// Status may say so of a spec that we took for outdated since: a list from a server that lags behind shows
// earlier ones.
bool is_in_sync(const snapshot& seen, const state& now) {
  const service_account& object = *seen.object;
  const std::int64_t compared = now.remembered.account_generation;
  return holds_for_generation(object, "AccountSynced") && holds_for_generation(object, "SecretSynced") &&
         !look_requested(object) && (compared == 0 || compared == object.meta.generation);
}

bool look_is_due(const snapshot& seen, const state& now) {
  return seen.connection.state == connection_view::standing::ready &&
         now.remembered.looked_at < seen.connection.look_since;
}

namespace {

// There is more to the account than a look at it.
bool has_work(const snapshot& seen, const state& now, time_point at) {
  const auto due = due_renewal(seen, now);
  return state_of_operation(seen, now) == operation_state::in_doubt || !has_token(seen, now) ||
         is_unfinished(seen, now, mint_cause::recovery) || is_unfinished(seen, now, mint_cause::adoption) ||
         view_secret(seen, now).owner == secret_owner::predecessor || !is_in_sync(seen, now) ||
         !open_renew_request(seen, now).empty() || (due && at >= due->at) || is_rejected(seen, now) ||
         overlap_is_over(seen, now, at);
}

// The listing of a mere look shows the account as the spec wants it, and no other.
bool is_shown_in_order(const snapshot& seen, const state& now) {
  const account_view accounts = view_accounts(seen, now);
  return accounts.ours != nullptr && accounts.ours->id == recorded_account_id(seen, now) &&
         accounts.duplicates.empty() &&
         (!now.known.names || compare_account(seen, now, *accounts.ours).empty());
}

}  // namespace

// What a run has noted that it will do, it does.
bool needs_account(const snapshot& seen, const state& now, time_point at) {
  if (now.known.committed || nothing_can_exist(seen, now)) return false;
  return now.known.intent || look_is_due(seen, now) || has_work(seen, now, at);
}

// Contents are read when the cache shows a version that was not checked, when the key may have changed, and,
// where the cache shows nothing, to tell "absent" from "without our label".
planned learn_secret(const snapshot& seen, state& now) {
  if ((now.known.secret || now.known.preflight_passed) && !now.known.must_read_secret) return std::nullopt;
  const bool unchecked = seen.secret
                             ? seen.secret->meta.resource_version != now.remembered.checked_secret_version ||
                                   seen.object->meta.generation != now.remembered.checked_generation ||
                                   !is_in_sync(seen, now)
                             : !nothing_can_exist(seen, now);
  if (!unchecked && !now.known.must_read_secret) return std::nullopt;
  return read_secret{seen.secret_key()};
}

planned learn_move_source(const snapshot& seen, state& now) {
  const object_meta* old = moved_from(seen);
  if (old == nullptr || view_secret(seen, now).owner == secret_owner::ours) return std::nullopt;
  if (!now.known.old_secret) return read_secret{key_of(*old)};
  // The cache shows what is gone: perhaps it does not show yet where the token has gone from there.
  if (!*now.known.old_secret)
    return conclude(now, {.why = &reason::progressing, .next = read_again{}, .write_status = false});
  return std::nullopt;
}

planned learn_names(const snapshot& seen, state& now) {
  if (now.known.names || now.known.unresolved) return std::nullopt;
  const service_account_spec& spec = seen.object->spec;
  if (spec.project.empty() && spec.own.custom_roles.empty() && spec.project_access.empty()) {
    now.known.names = names_resolved{.project_id = {}, .roles = spec.own.permissions, .projects = {}};
    return std::nullopt;
  }
  return resolve_names{spec.project, spec.own, spec.project_access};
}

planned confirm_account(const snapshot& seen, const state& now, const account& found) {
  if (was_read(seen, now, found.id)) return std::nullopt;
  return read_account{found.id, found.project_id};
}

planned delete_confirmed(const snapshot& seen, const state& now, const account& found) {
  if (auto next = confirm_account(seen, now, found)) return next;
  return delete_account{found.id, found.project_id};
}

planned delete_duplicate(const snapshot& seen, const state& now, const account& found) {
  if (auto next = confirm_account(seen, now, found)) return next;
  if (auto next = confirm_object(seen, now)) return next;
  return delete_account{found.id, found.project_id};
}

// The recorded account first (one read), and the listing only where that leaves a question open; but a mere
// look takes the listing that all accounts of the connection share. That one may be old: what it gives reason
// to change is read first.
planned learn_account(const snapshot& seen, state& now, time_point at) {
  const std::string id = recorded_account_id(seen, now);
  if (look_is_due(seen, now) && !now.known.recorded && !now.known.listed) return listing(seen, now, at);
  const bool settled = now.known.listed && !has_work(seen, now, at) && is_shown_in_order(seen, now);
  if (!settled && !id.empty() && !now.known.recorded) return read_account{id, project_id(seen, now)};
  const operation* op = current_operation(now);
  const bool unfinished_create =
      state_of_operation(seen, now) == operation_state::in_doubt && op->kind == operation_kind::create;
  // After a doubt a second account may have turned up late, one that was replaced lives on although its note
  // went with the Secret, and who asks for a look is shown everything.
  const bool may_be_several =
      unfinished_create || may_have_left_one(seen, now) || look_requested(*seen.object);
  if (!now.known.listed && (may_be_several || view_accounts(seen, now).ours == nullptr))
    return listing(seen, now, at);
  const account_view accounts = view_accounts(seen, now);
  const secret_view secret = view_secret(seen, now);
  const account* left = accounts.ours != nullptr ? accounts.ours : accounts.predecessor;
  if (!settled && left != nullptr)
    if (auto next = confirm_account(seen, now, *left)) return next;
  const bool known = secret.record->operation_id == seen.object->status.token.operation_id;
  if (left != nullptr && secret.owner == secret_owner::predecessor && !known && secret.token_intact &&
      secret.content != nullptr && secret.record->account_id == left->id && !now.known.token_live)
    return verify_token{intact_token(*secret.content, secret.record->fingerprint)->value};
  return std::nullopt;
}

}  // namespace platformer::accounts
