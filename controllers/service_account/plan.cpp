#include "controllers/service_account/plan.hpp"

#include <algorithm>

#include "controllers/service_account/desired.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

// What a namesake of this object left is taken over, and what a process finds different when it first looks
// is changed, only for the object that there is.
planned confirm_view(const snapshot& seen, const state& now, const account_view& accounts) {
  const bool takes_over = (accounts.ours == nullptr && accounts.predecessor != nullptr) ||
                          view_secret(seen, now).owner == secret_owner::predecessor;
  const bool first_look = now.remembered.account_generation == 0;
  const bool changes = accounts.ours != nullptr && now.known.names && !now.known.update_refused &&
                       !compare_account(seen, now, *accounts.ours).empty();
  return takes_over || (first_look && changes) ? confirm_object(seen, now) : std::nullopt;
}

// Without a token to mint: the account, the Secret's place and its metadata.
planned put_right(const snapshot& seen, state& now) {
  if (auto next = restore_finalizer(seen, now)) return next;
  // What was minted in this run has been put right before, and may be another account than those seen.
  if (!now.known.committed) {
    const account_view accounts = view_accounts(seen, now);
    if (auto next = confirm_view(seen, now, accounts)) return next;
    if (auto next = update_access(seen, now, accounts.ours != nullptr ? accounts.ours : accounts.predecessor))
      return next;
  }
  const secret_view secret = view_secret(seen, now);
  if (secret.owner != secret_owner::ours && secret.owner != secret_owner::predecessor) {
    // Lost, and a person decides: what is left of the Secret that it was to move from stays where it is.
    if (!has_token(seen, now)) return std::nullopt;
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
  const secret_record& record = current_record(now);
  if (!has_token(seen, now))
    return stall(
        now, aspect::token, reason::token_lost,
        "Secret " + seen.object->spec.secret.name +
            " does not hold the token that was issued, and spec.secret.onLoss is Manual. Put it back, or ask "
            "for a new one: kubectl annotate psa " +
            seen.object->meta.name + " -n " + seen.object->meta.ns +
            " --overwrite console.platformer.com/renew=$(date +%s)");
  if (seen.object->spec.token.expires_at && record.expires_at && at >= *record.expires_at)
    return stall(now, aspect::token, reason::expired,
                 "the token ended at " + format_rfc3339(*record.expires_at) +
                     ". Move spec.token.expiresAt into the future and set a new renew annotation, or delete "
                     "the object");
  const bool first = record.revision <= 1;
  conclusion end{.view = outlook::ready, .why = first ? &reason::issued : &reason::renewed};
  end.message = "token revision " + std::to_string(record.revision) + " (" + record.cause +
                ") is in Secret " + seen.object->spec.secret.name;
  std::optional<time_point> wake = next_look_at_token(seen, now, at);
  const auto wake_by = [&](time_point moment) { wake = wake ? std::min(*wake, moment) : moment; };
  if (const auto due = due_renewal(seen, now)) {
    wake_by(due->at);
    end.message += ", next renewal " + format_rfc3339(due->at);
  }
  if (const auto restart = restart_time(seen, now)) wake_by(std::max(*restart, at));
  if (const auto overlap = overlap_end(seen, now)) wake_by(*overlap);
  if (record.expires_at && at < *record.expires_at) {
    wake_by(*record.expires_at);
    if (seen.object->spec.token.expires_at) end.message += ", ends " + format_rfc3339(*record.expires_at);
  }
  if (wake) end.next = requeue_at{*wake};
  return conclude(now, std::move(end));
}

}  // namespace

planned plan(const snapshot& seen, state& now, time_point at) {
  if (seen.object->meta.deleted) return plan_deletion(seen, now, at);
  // A token of an earlier run has found its place; what else the object wants by now is another run's matter.
  if (now.known.committed && !now.known.called)
    return conclude(now, {.why = &reason::progressing, .next = read_again{}, .write_status = false});
  // A token in hand is written whatever the spec says meanwhile.
  if (!now.remembered.pending) {
    if (auto next = refuse_to_start(seen, now); next || now.end) return next;
  }
  if (auto next = learn_secret(seen, now)) return next;
  if (auto next = refuse_secret(seen, now); next || now.end) return next;
  if (now.remembered.pending) return plan_commit(seen, now);
  if (auto next = learn_move_source(seen, now); next || now.end) return next;
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
    if (!accounts.duplicates.empty()) return delete_duplicate(seen, now, *accounts.duplicates.front());
    settle_for_another(seen, now);
    if (auto next = end_overlap(seen, now, at)) return next;
  }
  if (wants_console)
    if (const auto cause = find_cause(seen, now, at)) return plan_mint(seen, now, at, *cause);
  if (auto next = learn_about_rejection(seen, now); next || now.end) return next;
  if (auto next = put_right(seen, now)) return next;
  if (auto next = restart_consumers(seen, now, at)) return next;
  if (auto next = verify_token_in_secret(seen, now, at)) return next;
  return conclude_in_order(seen, now, at);
}

planned restore_finalizer(const snapshot& seen, state& now) {
  const auto& held_by = finalizers(seen, now);
  if (std::find(held_by.begin(), held_by.end(), names::finalizer) != held_by.end()) return std::nullopt;
  auto all = held_by;
  all.emplace_back(names::finalizer);
  return patch_intent{key_of(seen.object->meta), object_version(seen, now), std::move(all), std::nullopt};
}

planned confirm_object(const snapshot& seen, const state& now) {
  if (now.known.object_version) return std::nullopt;
  return patch_intent{key_of(seen.object->meta), object_version(seen, now), finalizers(seen, now),
                      std::nullopt};
}

planned update_access(const snapshot& seen, state& now, const account* is) {
  if (is == nullptr || !now.known.names || now.known.account_updated || now.known.update_refused)
    return std::nullopt;
  now.remembered.account_generation = seen.object->meta.generation;
  now.remembered.looked_at = std::max(now.remembered.looked_at, seen.connection.look_since);
  const auto difference = compare_account(seen, now, *is);
  if (difference.empty()) return std::nullopt;
  return update_account{is->id, project_id(seen, now), difference.change};
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
  const operation& op = *current_operation(now);
  memory& remembered = now.remembered;
  if (remembered.doubt_id != op.id || remembered.doubt_since > at) {
    remembered.doubt_id = op.id;
    remembered.doubt_since = at;
  }
  const time_point until = doubt_ends(seen, remembered, op);
  if (at >= until) return std::nullopt;
  // An account may yet appear, and the object must not be gone by then.
  if (auto next = restore_finalizer(seen, now)) return next;
  return retry(now, aspect::token, reason::progressing,
               "a call of operation " + op.id + " may still be under way; its outcome is looked up at " +
                   format_rfc3339(std::chrono::ceil<std::chrono::seconds>(until)),
               requeue_at{until});
}

time_point doubt_ends(const snapshot& seen, const memory& remembered, const operation& op) {
  // A Console that keeps failing is called more and more rarely: the first doubt costs no extra wait.
  const auto doublings = std::clamp<std::int64_t>(remembered.doubts - 2, 0, 9);
  const duration pause = remembered.doubts < 2 ? duration{0} : std::chrono::seconds(1LL << doublings);
  return remembered.doubt_since + std::max(op.call_timeout, seen.connection.timeout) +
         std::min<duration>(pause, std::chrono::minutes(5));
}

namespace {

time_point oldest_listing(const snapshot& seen, const state& now, time_point at) {
  time_point recent = std::max(at - listing_reuse, now.remembered.account_written_at);
  // A look at an account that is known; what stands in the way of one may be gone since, or the account
  // itself.
  if (look_is_due(seen, now) && !recorded_account_id(seen, now).empty() && !now.known.recorded)
    recent = std::max(seen.connection.look_since, now.remembered.account_written_at);
  if (state_of_operation(seen, now) != operation_state::in_doubt) return recent;
  const operation* op = current_operation(now);
  const time_point settled = now.remembered.doubt_since + std::max(op->call_timeout, seen.connection.timeout);
  return std::max(recent, settled);
}

}  // namespace

list_accounts listing(const snapshot& seen, const state& now, time_point at) {
  list_accounts wanted{.not_before = oldest_listing(seen, now, at), .named = {}, .project_id = {}};
  if (seen.object->spec.adoption == adoption_policy::always) {
    wanted.named = seen.object->spec.account_name;
    wanted.project_id = project_id(seen, now);
  }
  return wanted;
}

const std::string& object_version(const snapshot& seen, const state& now) {
  return now.known.object_version ? *now.known.object_version : seen.object->meta.resource_version;
}

const std::vector<std::string>& finalizers(const snapshot& seen, const state& now) {
  return now.known.finalizers ? *now.known.finalizers : seen.object->meta.finalizers;
}

}  // namespace platformer::accounts
