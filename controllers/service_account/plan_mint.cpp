// One issuance: intent, preflight, call, commit. Each is a request of its own; the driver fences the call.
#include <algorithm>

#include "controllers/service_account/budget.hpp"
#include "controllers/service_account/contents.hpp"
#include "controllers/service_account/desired.hpp"
#include "controllers/service_account/plan.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

constexpr std::size_t usual_token_bytes = 256;

mint_budget current_budget(const state& now, time_point at) {
  mint_budget budget;
  if (now.known.noted) budget = now.known.noted->budget;
  const auto& last = now.remembered.last_intent;
  return last ? stricter(budget, last->budget, at) : budget;
}

std::int64_t next_revision(const snapshot& seen, const state& now) {
  const operation* op = current_operation(now);
  // One that was not carried out leaves its revision to the next, but those before it are used up.
  const bool unused = state_of_operation(seen, now) == operation_state::unused;
  const std::int64_t begun = op != nullptr ? op->revision - (unused ? 1 : 0) : 0;
  const std::int64_t noted = std::max(seen.object->status.token.revision, begun);
  return 1 + std::max(current_record(now).revision, std::min(noted, trusted_revision_limit));
}

// Our own intent whose call is still to be made, when it is on the object and says all that a new one would.
const operation* reusable(const snapshot& seen, const state& now, const decision& why) {
  const operation* op = current_operation(now);
  if (state_of_operation(seen, now) != operation_state::unused) return nullptr;
  const auto& noted = now.known.noted;
  if (!now.known.intent && (!noted || noted->id != op->id)) return nullptr;
  const std::string_view renew = seen.object->meta.annotation(names::renew_annotation);
  const bool settles_request = renew.empty() || std::find(op->renew_history.begin(), op->renew_history.end(),
                                                          renew_hash(renew)) != op->renew_history.end();
  const bool is_same = op->kind == why.kind && op->cause == why.cause && op->replaces == why.replaces &&
                       op->account == (why.on != nullptr ? why.on->id : std::string_view());
  const bool fits = is_same && settles_request && op->revision >= next_revision(seen, now) &&
                    op->call_timeout >= seen.connection.timeout;
  return fits ? op : nullptr;
}

// What was in doubt, or lost, may have honoured its request; what is sure not to have been carried out has
// not.
std::vector<std::string> honoured_before(const snapshot& seen, const state& now) {
  std::vector<std::string> honoured = current_record(now).renew_history;
  const operation* previous = current_operation(now);
  if (previous == nullptr) return honoured;
  const operation_state outcome = state_of_operation(seen, now);
  if (honoured.empty() || outcome == operation_state::in_doubt || outcome == operation_state::lost)
    for (const std::string& each : previous->renew_history)
      honoured = remember_renew(std::move(honoured), each);
  return honoured;
}

operation begin(const snapshot& seen, const state& now, time_point at, const decision& why) {
  const operation* previous = current_operation(now);
  operation op;
  op.id = seen.operation_id;
  op.kind = why.kind;
  op.cause = why.cause;
  op.revision = next_revision(seen, now);
  op.holder = seen.holder;
  op.started_at = at;
  op.call_timeout = seen.connection.timeout;
  op.renew_history = honoured_before(seen, now);
  if (const auto renew = seen.object->meta.annotation(names::renew_annotation); !renew.empty())
    op.renew_history = remember_renew(std::move(op.renew_history), renew_hash(renew));
  // An account that is still to be deleted must not be forgotten with the notes of a Secret that may be lost.
  const bool overlaps = !current_record(now).previous_account_id.empty() && !now.known.overlap_over;
  op.after_doubt =
      overlaps || (previous != nullptr &&
                   (previous->after_doubt || state_of_operation(seen, now) == operation_state::in_doubt));
  op.replaces = why.replaces;
  if (why.on != nullptr) op.account = why.on->id;
  op.budget = charge(current_budget(now, at), why.cause, at);
  return op;
}

planned write_intent(const snapshot& seen, state& now, time_point at, const decision& why) {
  // One from an earlier run is written once more: that changes nothing, and fails where our view of the
  // object is stale, as another replica may have gone on from it.
  const operation* again = reusable(seen, now, why);
  if (again != nullptr && now.known.intent) return std::nullopt;
  auto all = finalizers(seen, now);
  if (std::find(all.begin(), all.end(), names::finalizer) == all.end()) all.emplace_back(names::finalizer);
  return patch_intent{key_of(seen.object->meta), object_version(seen, now), std::move(all),
                      again != nullptr ? *again : begin(seen, now, at, why)};
}

planned preflight(const snapshot& seen, state& now, time_point at) {
  const secret_view secret = view_secret(seen, now);
  std::size_t size = usual_token_bytes;
  if (secret.content != nullptr)
    if (const secret_entry* entry = intact_token(*secret.content, secret.record->fingerprint))
      size = entry->value->size();
  minted_token dummy;
  dummy.op = *now.known.intent;
  dummy.token = std::make_shared<const secret_string>(std::string(size, 'x'));
  dummy.account_id = recorded_account_id(seen, now);
  dummy.fingerprint = "sha256:000000000000";
  const auto contents =
      desired_contents(seen, now, dummy.token, dummy.account_id, desired_expiry(seen.object->spec, at));
  if (!contents) return stall(now, aspect::secret, reason::invalid_spec, contents.error().message);
  return dry_run_secret{commit_write(seen, now, dummy)};
}

planned refuse_mint(const snapshot& seen, state& now, time_point at, const decision& why) {
  const token_spec& token = seen.object->spec.token;
  if (token.expires_at && *token.expires_at <= at)
    return stall(now, aspect::token, reason::expired,
                 "spec.token.expiresAt " + format_rfc3339(*token.expires_at) +
                     " has passed: a token minted now would be dead. Move it into the future, or remove it");
  if (why.kind == operation_kind::create && now.known.unresolved) {
    const bool is_project = now.known.unresolved->what == names_unresolved::kind::project;
    return stall(now, aspect::account, is_project ? reason::project_not_found : reason::role_not_found,
                 now.known.unresolved->message, back_off{.at_most = unwatched_interval});
  }
  if (reusable(seen, now, why) != nullptr) return std::nullopt;
  const time_point allowed = allowed_at(current_budget(now, at), why.cause, at);
  if (allowed > at)
    return retry(now, has_token(seen, now) ? aspect::none : aspect::token, reason::too_many_renewals,
                 "tokens of this object were minted too often; the next one (" +
                     std::string(to_string(why.cause)) + ") waits until " +
                     format_rfc3339(std::chrono::ceil<std::chrono::seconds>(allowed)),
                 requeue_at{allowed});
  return std::nullopt;
}

// Whoever uses a stranger's token is told before it dies.
planned announce_adoption(const snapshot& seen, state& now) {
  const account_view accounts = view_accounts(seen, now);
  if (!accounts.is_stranger || now.known.intent) return std::nullopt;
  const std::string message =
      "account " + accounts.predecessor->id + " (" + clean_message(accounts.predecessor->name, 128) +
      ") exists and is taken over: its access becomes what the spec says, and then its "
      "token is renewed, which ends the one that is in use now";
  const condition* told = find_condition(seen.object->status.conditions, "AccountSynced");
  if (told != nullptr && told->message == message) return std::nullopt;
  return retry(now, aspect::account, reason::progressing, message, read_again{});
}

}  // namespace

planned plan_mint(const snapshot& seen, state& now, time_point at, const decision& why) {
  // What the account may do is put right before its token exists, and whether or not one may be minted now: a
  // right that was taken away does not stay because a renewal has to wait. Taking over writes the intent
  // first, as its marker would otherwise hide that this was an adoption.
  const bool adopts = why.cause == mint_cause::adoption;
  // An account that is left behind keeps the access that it has.
  if (!adopts && !seen.object->meta.deleted)
    if (auto next = update_access(seen, now, why.on != nullptr ? why.on : view_accounts(seen, now).ours)) {
      if (auto first = restore_finalizer(seen, now)) return first;
      return next;
    }
  if (auto next = refuse_mint(seen, now, at, why); next || now.end) return next;
  // The old token is kept beside the new one.
  if (!why.replaces.empty() && !seen.object->spec.secret.previous_key.empty() && !now.known.secret)
    return read_secret{seen.secret_key()};
  if (adopts)
    if (auto next = announce_adoption(seen, now); next || now.end) return next;
  if (auto next = write_intent(seen, now, at, why)) return next;
  if (adopts)
    if (auto next = update_access(seen, now, why.on)) return next;
  // Nobody gets the token of an adopted account whose access we could not cut; any other is renewed all the
  // same.
  if (adopts && (now.known.update_refused || now.known.unresolved))
    return stall(now, aspect::account, reason::console_rejected,
                 "the account can't be taken over: its access can't be set to what the spec says" +
                     (now.known.update_refused ? ": " + describe(*now.known.update_refused)
                                               : ": " + now.known.unresolved->message),
                 back_off{.at_most = unwatched_interval});
  if (!now.known.preflight_passed) return preflight(seen, now, at);
  if (why.kind == operation_kind::create)
    return create_account{desired_account(seen, now, at), project_id(seen, now)};
  return renew_token{why.on->id, project_id(seen, now), desired_expiry(seen.object->spec, at)};
}

planned plan_commit(const snapshot& seen, state& now) {
  const minted_token& minted = *now.remembered.pending;
  const secret_view secret = view_secret(seen, now);
  if (secret.record->revision > minted.op.revision ||
      (secret.record->revision == minted.op.revision && secret.record->operation_id != minted.op.id)) {
    // Another replica committed a later token: ours is dead.
    now.remembered.pending.reset();
    return conclude(now, {.why = &reason::progressing, .next = read_again{}, .write_status = false});
  }
  return write_secret{commit_write(seen, now, minted)};
}

}  // namespace platformer::accounts
