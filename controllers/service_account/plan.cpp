#include "controllers/service_account/plan.hpp"

#include <algorithm>

#include "controllers/service_account/desired.hpp"
#include "controllers/service_account/validate.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

bool holds_for_generation(const service_account& object, std::string_view type) {
  const condition* found = find_condition(object.status.conditions, type);
  return found != nullptr && found->status && found->observed_generation == object.meta.generation;
}

// The account and the Secret were found or brought in line with this very spec.
bool is_in_sync(const service_account& object) {
  return holds_for_generation(object, "AccountSynced") && holds_for_generation(object, "SecretSynced") &&
         object.meta.annotation(names::reconcile_annotation) == object.status.last_handled_reconcile;
}

// Contents are read when the cache shows a version that was not checked, when the key may have changed, and,
// where the cache shows nothing, to tell "absent" from "without our label".
planned learn_secret(const snapshot& seen, state& now) {
  if ((now.known.secret || now.known.preflight_passed) && !now.known.must_read_secret) return std::nullopt;
  const bool unchecked = seen.secret
                             ? seen.secret->meta.resource_version != now.remembered.checked_secret_version ||
                                   !is_in_sync(seen.object)
                             : !nothing_can_exist(seen, now);
  if (!unchecked && !now.known.must_read_secret) return std::nullopt;
  return read_secret{seen.secret_key()};
}

planned learn_move_source(const snapshot& seen, state& now) {
  const object_meta* old = moved_from(seen);
  if (old == nullptr || now.known.old_secret || view_secret(seen, now).owner == secret_owner::ours)
    return std::nullopt;
  return read_secret{key_of(*old)};
}

planned not_owned(const snapshot& seen, state& now) {
  const std::string& name = seen.object.spec.secret.name;
  return stall(
      now, aspect::secret, reason::secret_not_owned,
      "Secret " + name +
          " exists and is not this object's; it is left alone and no token is minted. Choose another " +
          "spec.secret.name, delete that Secret, or let its owner hand it over: kubectl annotate secret " +
          name + " -n " + seen.object.meta.ns + " console.platformer.com/take-over=" + seen.object.meta.name,
      back_off{.at_most = unwatched_interval});
}

planned refuse_secret(const snapshot& seen, state& now) {
  const secret_owner owner = view_secret(seen, now).owner;
  const bool refused =
      owner == secret_owner::foreign ||
      (owner == secret_owner::predecessor && seen.object.spec.adoption == adoption_policy::never);
  return refused ? not_owned(seen, now) : std::nullopt;
}

bool needs_account(const snapshot& seen, const state& now, time_point at) {
  if (now.known.committed || nothing_can_exist(seen, now)) return false;
  const auto due = renew_time(seen, current_record(seen, now));
  return state_of_operation(seen, now) == operation_state::in_doubt || !has_token(seen, now) ||
         is_unfinished(seen, now, mint_cause::recovery) || is_unfinished(seen, now, mint_cause::adoption) ||
         view_secret(seen, now).owner == secret_owner::predecessor || !is_in_sync(seen.object) ||
         !open_renew_request(seen, now).empty() || (due && at >= *due);
}

planned learn_names(const snapshot& seen, state& now) {
  if (now.known.names || now.known.unresolved) return std::nullopt;
  const service_account_spec& spec = seen.object.spec;
  if (spec.project.empty() && spec.own.custom_roles.empty() && spec.project_access.empty()) {
    now.known.names = names_resolved{.project_id = {}, .roles = spec.own.permissions, .projects = {}};
    return std::nullopt;
  }
  return resolve_names{spec.project, spec.own, spec.project_access};
}

// The recorded account first (one read); the listing only where that leaves a question open.
planned learn_account(const snapshot& seen, state& now, time_point at) {
  const std::string id = recorded_account_id(seen, now);
  if (!id.empty() && !now.known.recorded) return read_account{id, project_id(seen, now)};
  const auto op = current_operation(seen, now);
  const bool unfinished_create =
      state_of_operation(seen, now) == operation_state::in_doubt && op->kind == operation_kind::create;
  if (!now.known.listed && (unfinished_create || view_accounts(seen, now).ours == nullptr))
    return listing(seen, now, at);
  const account_view accounts = view_accounts(seen, now);
  const secret_view secret = view_secret(seen, now);
  if (accounts.predecessor != nullptr && secret.token_intact && secret.content != nullptr &&
      secret.record.account_id == accounts.predecessor->id && !now.known.token_live)
    return verify_token{intact_token(*secret.content, secret.record.fingerprint)->value};
  return std::nullopt;
}

planned refuse_account(const snapshot& seen, state& now) {
  const account_view accounts = view_accounts(seen, now);
  // A Secret that nobody controls and that looks like our predecessor's, but holds somebody else's token.
  if (const secret_view secret = view_secret(seen, now); secret.owner == secret_owner::predecessor &&
                                                         accounts.unmarked != nullptr &&
                                                         accounts.unmarked->id == secret.record.account_id)
    return not_owned(seen, now);
  if (accounts.ours != nullptr) return std::nullopt;
  const std::string way_out = " Nothing was changed there.";
  if (accounts.predecessor != nullptr && seen.object.spec.adoption == adoption_policy::never)
    return stall(now, aspect::account, reason::account_conflict,
                 "account " + accounts.predecessor->id +
                     " was made for an earlier object of this name and adoptionPolicy is Never." + way_out +
                     " Set spec.adoptionPolicy to IfMarked, or delete the account at the Console",
                 back_off{.at_most = unwatched_interval});
  if (accounts.predecessor == nullptr && accounts.unmarked != nullptr)
    return stall(now, aspect::account, reason::account_conflict,
                 "account " + accounts.unmarked->id +
                     " does not bear this object's marker in its description." + way_out +
                     " Put the line \"" + seen.mark().to_string() +
                     "\" back at the end of its description, or delete it",
                 back_off{.at_most = unwatched_interval});
  return std::nullopt;
}

planned restore_finalizer(const snapshot& seen, state& now) {
  auto all = finalizers(seen, now);
  if (std::find(all.begin(), all.end(), names::finalizer) != all.end()) return std::nullopt;
  all.emplace_back(names::finalizer);
  return patch_intent{key_of(seen.object.meta), object_version(seen, now), std::move(all), std::nullopt};
}

// Without a token to mint: the account, the Secret's place and its metadata.
planned put_right(const snapshot& seen, state& now) {
  if (auto next = restore_finalizer(seen, now)) return next;
  const account_view accounts = view_accounts(seen, now);
  const account* chosen = accounts.ours != nullptr ? accounts.ours : accounts.predecessor;
  if (chosen != nullptr && now.known.names && !now.known.account_updated && !now.known.update_refused)
    if (const auto difference = compare_account(seen, now, *chosen); !difference.empty())
      return update_account{chosen->id, project_id(seen, now), difference.change};
  const secret_view secret = view_secret(seen, now);
  if (secret.owner != secret_owner::ours && secret.owner != secret_owner::predecessor) {
    if (now.known.old_secret && *now.known.old_secret && !now.known.secret_repaired)
      return write_secret{move_write(seen, now)};
  } else if (!now.known.secret_repaired && !now.known.committed) {
    if (auto write = repair_write(seen, now)) {
      if (secret.content == nullptr) return read_secret{seen.secret_key()};
      return write_secret{std::move(*write)};
    }
  }
  if (const object_meta* old = moved_from(seen); old != nullptr && !now.known.old_secret_removed)
    return remove_secret{key_of(*old), old->uid, old->resource_version};
  return std::nullopt;
}

planned conclude_in_order(const snapshot& seen, state& now, time_point at) {
  if (now.known.unresolved) {
    const bool is_project = now.known.unresolved->what == names_unresolved::kind::project;
    return stall(now, aspect::account, is_project ? reason::project_not_found : reason::role_not_found,
                 now.known.unresolved->message, back_off{.at_most = unwatched_interval});
  }
  if (now.known.update_refused)
    return stall(now, aspect::account, reason::console_rejected,
                 "the Console refuses to change the account: " + describe(*now.known.update_refused),
                 back_off{.at_least = std::chrono::seconds(1)});
  const secret_record record = current_record(seen, now);
  if (seen.object.spec.token.expires_at && record.expires_at && at >= *record.expires_at)
    return stall(now, aspect::token, reason::expired,
                 "the token ended at " + format_rfc3339(*record.expires_at) +
                     ". Move spec.token.expiresAt into the future and set a new renew annotation, or delete "
                     "the object");
  const bool first = record.revision <= 1;
  conclusion end{.view = outlook::ready, .why = first ? &reason::issued : &reason::renewed};
  end.message = "token revision " + std::to_string(record.revision) + " (" + record.cause +
                ") is in Secret " + seen.object.spec.secret.name;
  if (const auto due = renew_time(seen, record)) {
    end.next = requeue_at{*due};
    end.message += ", next renewal " + format_rfc3339(*due);
  } else if (record.expires_at) {
    end.next = requeue_at{*record.expires_at};
    end.message += ", ends " + format_rfc3339(*record.expires_at);
  }
  return conclude(now, std::move(end));
}

planned refuse_to_start(const snapshot& seen, state& now) {
  const service_account& object = seen.object;
  if (!object.spec_error.empty()) return stall(now, aspect::none, reason::invalid_spec, object.spec_error);
  if (auto problem = find_problem(object.spec))
    return stall(now, aspect::none, reason::invalid_spec, *problem);
  if (object.spec.suspend)
    return stall(now, aspect::none, reason::suspended, "spec.suspend is true; set it to false to go on");
  return std::nullopt;
}

planned refuse_without_connection(const snapshot& seen, state& now) {
  switch (seen.connection.state) {
    case connection_view::standing::ready:
      return std::nullopt;
    case connection_view::standing::unknown:
      return conclude(now, {.why = &reason::progressing, .write_status = false});
    case connection_view::standing::missing:
      return retry(now, aspect::none, reason::connection_not_found,
                   "ConsoleConnection " + seen.object.meta.ns + "/" + seen.object.spec.connection +
                       " does not exist; create it, and this object goes on by itself",
                   finished{});
    case connection_view::standing::closing:
    case connection_view::standing::not_ready:
      break;
  }
  return retry(
      now, aspect::none, reason::connection_not_ready,
      "ConsoleConnection " + seen.object.spec.connection + " is not ready: " + seen.connection.message,
      finished{});
}

}  // namespace

planned plan(const snapshot& seen, state& now, time_point at) {
  if (seen.object.meta.deleted) return plan_deletion(seen, now, at);
  // A token in hand is written whatever the spec says meanwhile.
  if (!now.remembered.pending) {
    if (auto next = refuse_to_start(seen, now); next || now.end) return next;
  }
  if (auto next = learn_secret(seen, now)) return next;
  if (auto next = refuse_secret(seen, now); next || now.end) return next;
  if (now.remembered.pending) return plan_commit(seen, now);
  if (auto next = learn_move_source(seen, now)) return next;
  const bool wants_account = needs_account(seen, now, at);
  const bool wants_console = wants_account || nothing_can_exist(seen, now);
  // What needs no call goes on without a connection: an account at rest stays Ready while the Console is
  // away.
  if (wants_console)
    if (auto next = refuse_without_connection(seen, now); next || now.end) return next;
  if (auto next = wait_out_doubt(seen, now, at); next || now.end) return next;
  if (wants_console)
    if (auto next = learn_names(seen, now)) return next;
  if (wants_account) {
    if (auto next = learn_account(seen, now, at)) return next;
    if (auto next = refuse_account(seen, now); next || now.end) return next;
    const account_view accounts = view_accounts(seen, now);
    if (!accounts.duplicates.empty())
      return delete_account{accounts.duplicates.front()->id, accounts.duplicates.front()->project_id};
  }
  if (wants_console)
    if (const auto cause = find_cause(seen, now, at)) return plan_mint(seen, now, at, *cause);
  if (auto next = put_right(seen, now)) return next;
  return conclude_in_order(seen, now, at);
}

planned conclude(state& now, conclusion end) {
  now.end = std::move(end);
  return std::nullopt;
}

planned stall(state& now, aspect about, const reason_info& why, std::string message, stop next) {
  return conclude(now, {outlook::stalled, &why, std::move(message), about, next, true});
}

planned retry(state& now, aspect about, const reason_info& why, std::string message, stop next) {
  return conclude(now, {outlook::reconciling, &why, std::move(message), about, next, true});
}

planned wait_out_doubt(const snapshot& seen, state& now, time_point at) {
  if (now.known.intent || state_of_operation(seen, now) != operation_state::in_doubt) return std::nullopt;
  const operation op = *current_operation(seen, now);
  memory& remembered = now.remembered;
  if (remembered.doubt_id != op.id || remembered.doubt_since > at) {
    remembered.doubt_id = op.id;
    remembered.doubt_since = at;
  }
  const time_point until = doubt_ends(seen, remembered, op);
  if (at >= until) return std::nullopt;
  return retry(now, aspect::token, reason::progressing,
               "a call of operation " + op.id + " may still be under way; its outcome is looked up at " +
                   format_rfc3339(std::chrono::ceil<std::chrono::seconds>(until)),
               requeue_at{until});
}

time_point doubt_ends(const snapshot& seen, const memory& remembered, const operation& op) {
  // A Console that keeps failing is called more and more rarely: the first doubt costs no extra wait.
  const auto doublings = std::clamp<std::int64_t>(remembered.failures - 2, 0, 9);
  const duration pause = remembered.failures < 2 ? duration{0} : std::chrono::seconds(1LL << doublings);
  return remembered.doubt_since + std::max(op.call_timeout, seen.connection.timeout) +
         std::min<duration>(pause, std::chrono::minutes(5));
}

list_accounts listing(const snapshot& seen, const state& now, time_point at) {
  if (state_of_operation(seen, now) != operation_state::in_doubt) return {at - listing_reuse};
  const auto op = current_operation(seen, now);
  return {now.remembered.doubt_since + std::max(op->call_timeout, seen.connection.timeout)};
}

std::string object_version(const snapshot& seen, const state& now) {
  return now.known.object_version.value_or(seen.object.meta.resource_version);
}

std::vector<std::string> finalizers(const snapshot& seen, const state& now) {
  return now.known.finalizers.value_or(seen.object.meta.finalizers);
}

}  // namespace platformer::accounts
