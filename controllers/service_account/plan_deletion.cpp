// Letting go of an object: its account is deleted (or orphaned) before the finalizer goes.
#include <algorithm>

#include "controllers/service_account/desired.hpp"
#include "controllers/service_account/plan.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

planned let_go(const snapshot& seen, const state& now) {
  auto all = finalizers(seen, now);
  std::erase(all, names::finalizer);
  return remove_finalizer{key_of(seen.object->meta), object_version(seen, now), std::move(all)};
}

planned block(const snapshot& seen, state& now, const std::string& why) {
  return retry(now, aspect::account, reason::deletion_blocked,
               why + ". To let go of the object and leave the account at the Console: kubectl annotate psa " +
                   seen.object->meta.name + " -n " + seen.object->meta.ns +
                   " console.platformer.com/orphan-on-delete=true",
               back_off{.at_most = unwatched_interval});
}

// The recorded account, then a listing wherever an account may exist that the record doesn't name.
planned learn_accounts(const snapshot& seen, state& now, time_point at) {
  const std::string id = recorded_account_id(seen, now);
  if (!id.empty() && !now.known.recorded) return read_account{id, project_id(seen, now)};
  // An old Secret that somebody put back may name another account than the one of later operations.
  const std::string& told = seen.object->status.account_id;
  const operation* op = current_operation(now);
  const bool is_old =
      (!told.empty() && told != id) || (op != nullptr && op->revision > current_record(now).revision + 1);
  const bool may_be_unrecorded =
      id.empty() || is_old || !current_record(now).previous_account_id.empty() ||
      may_have_left_one(seen, now) || state_of_operation(seen, now) == operation_state::in_doubt ||
      view_accounts(seen, now).unmarked != nullptr || (now.known.recorded && !*now.known.recorded);
  if (may_be_unrecorded && !now.known.listed) return listing(seen, now, at);
  return learn_replaced(seen, now);
}

planned delete_accounts(const snapshot& seen, state& now) {
  const account_view accounts = view_accounts(seen, now);
  const account* next = !accounts.duplicates.empty()   ? accounts.duplicates.front()
                        : accounts.previous != nullptr ? accounts.previous
                                                       : accounts.ours;
  if (next != nullptr) return delete_confirmed(seen, now, *next);
  if (accounts.unmarked != nullptr && now.known.deleted_accounts.empty())
    return block(seen, now,
                 "account " + accounts.unmarked->id +
                     " no longer bears this object's marker, so it is not deleted: put the line \"" +
                     seen.mark().to_string() +
                     "\" back at the end of its description, or delete it at the Console");
  return let_go(seen, now);
}

// Where the cache shows none it may only lack our label.
planned learn_secret_to_keep(const snapshot& seen, const state& now) {
  const bool unknown = !now.known.secret && !seen.secret;
  if (unknown || now.known.must_read_secret) return read_secret{seen.secret_key()};
  return std::nullopt;
}

// A token that lives in memory only goes to the Secret that is left behind: the one there is dead.
planned commit_before_orphaning(const snapshot& seen, state& now) {
  if (!now.remembered.pending) return std::nullopt;
  if (auto next = learn_secret_to_keep(seen, now)) return next;
  const secret_owner owner = view_secret(seen, now).owner;
  if (owner == secret_owner::ours || owner == secret_owner::nobody) return plan_commit(seen, now);
  now.remembered.pending.reset();
  return std::nullopt;
}

// A renewal in doubt may have killed the token that is to be left behind: it is settled first, as ever by one
// more. Where the Secret was to move, the new token goes to the new name; what is left under the old one goes
// with the object.
bool needs_recovery(const snapshot& seen, const state& now, time_point at) {
  if (now.known.committed) return false;
  const bool doubtful = now.known.intent || state_of_operation(seen, now) == operation_state::in_doubt ||
                        is_unfinished(seen, now, mint_cause::recovery);
  const auto& end = seen.object->spec.token.expires_at;
  const secret_owner owner = view_secret(seen, now).owner;
  const bool has_place =
      owner == secret_owner::ours || (owner == secret_owner::nobody && moved_from(seen) != nullptr);
  return doubtful && view_accounts(seen, now).ours != nullptr && has_place && !(end && *end <= at);
}

// Secret and marker first, so that neither garbage collection nor a later object takes the live token away.
planned orphan(const snapshot& seen, state& now) {
  if (auto next = learn_secret_to_keep(seen, now)) return next;
  const secret_view secret = view_secret(seen, now);
  const object_meta* kept = secret.owner == secret_owner::ours ? secret.meta : moved_from(seen);
  if (kept != nullptr && !now.known.secret_released) return write_secret{release_write(*kept)};
  const account_view accounts = view_accounts(seen, now);
  if (!accounts.duplicates.empty()) return delete_duplicate(seen, now, *accounts.duplicates.front());
  if (accounts.previous != nullptr) return delete_confirmed(seen, now, *accounts.previous);
  if (accounts.ours != nullptr && !now.known.marker_removed) {
    account_fields fields;
    fields.description = without_marker(accounts.ours->description);
    return update_account{accounts.ours->id, accounts.ours->project_id, fields};
  }
  return let_go(seen, now);
}

}  // namespace

planned plan_deletion(const snapshot& seen, state& now, time_point at) {
  const service_account& object = *seen.object;
  const bool abandoned = object.meta.annotation(names::orphan_annotation) == "true";
  const bool orphaned = abandoned || object.spec.deletion == deletion_policy::orphan;
  if (!orphaned) now.remembered.pending.reset();
  const auto& all = finalizers(seen, now);
  if (std::find(all.begin(), all.end(), names::finalizer) == all.end())
    return conclude(now, {.why = &reason::deleted, .write_status = false});
  if (seen.connection.state == connection_view::standing::unknown)
    return conclude(now, {.why = &reason::progressing, .write_status = false});
  if (abandoned && !seen.connection.callable()) return let_go(seen, now);
  if (seen.connection.state == connection_view::standing::missing)
    return block(
        seen, now,
        connection_title(object) + " does not exist, so the account can't be deleted; create it again");
  if (!seen.connection.callable())
    return block(seen, now,
                 connection_title(object) + " is not ready (" + seen.connection.message +
                     "), so the account can't be deleted");
  if (auto next = commit_before_orphaning(seen, now); next || now.end) return next;
  if (auto next = wait_out_doubt(seen, now, at); next || now.end) return next;
  if (!object.spec.project.empty() && object.status.project_id.empty() && !now.known.names &&
      !now.known.unresolved)
    return resolve_names{object.spec.project, {}, {}};
  if (auto next = learn_accounts(seen, now, at)) return next;
  if (!abandoned && is_elsewhere(seen, now))
    return block(
        seen, now,
        "the account is in organization " + object.status.organization_id + ", and " +
            connection_title(object) + " leads to organization " + seen.connection.organization_id +
            ", where it can't be deleted: put spec.gateway and spec.organization of the connection back");
  // A listing may be older than what the account has become.
  if (const account* kept = orphaned ? view_accounts(seen, now).ours : nullptr)
    if (auto next = confirm_account(seen, now, *kept)) return next;
  if (orphaned && needs_recovery(seen, now, at))
    return plan_mint(seen, now, at,
                     {mint_cause::recovery, operation_kind::renew, view_accounts(seen, now).ours});
  if (orphaned) return orphan(seen, now);
  return delete_accounts(seen, now);
}

}  // namespace platformer::accounts
