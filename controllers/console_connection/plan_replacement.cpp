// The account that takes the place of another: which one is like it, when it may be made, and how.
#include <algorithm>

#include "controllers/console_connection/plan.hpp"
#include "controllers/service_account/budget.hpp"
#include "model/marker.hpp"

namespace platformer::connections {
namespace {

using planned = std::optional<request>;

constexpr std::size_t token_size = 64;  // of a dry run's, about

// The account whose access the new one gets: that of the credential in use. nullptr: now.rotation has ended.
const account* find_template(const snapshot& seen, state& now, const credential_note& note, time_point at) {
  const auto& listed = *now.rotation.listed;
  const std::string& name = seen.object.spec.rotate_credentials->account_name;
  const account* found = nullptr;
  std::size_t unmarked = 0;
  for (const account& each : listed) {
    if (note.fits && each.id == note.account_id) return &each;
    if (find_credential_marker(each.description) || each.name != name) continue;
    ++unmarked;
    found = &each;
  }
  if (!note.fits && unmarked == 1) return found;
  const time_point later = at + seen.object.spec.interval;
  if (!note.fits && unmarked == 0) {
    // A person has put another credential there: what we made before has the same access.
    for (const account& each : listed)
      if (find_credential_marker(each.description) &&
          (found == nullptr || each.created_at > found->created_at))
        found = &each;
    if (found != nullptr) return found;
  }
  const std::string quoted = "named " + clean_message(name, 128);
  if (note.fits)
    end_rotation(now, later,
                 "the account " + clean_message(note.account_id, 128) +
                     ", whose token is in use, is not in the Console's listing");
  else if (unmarked == 0)
    end_rotation(
        now, later,
        "the organization has no account " + quoted +
            " whose access the new one could get. Name the account whose token lies in the Secret in "
            "spec.rotateCredentials.accountName");
  else
    end_rotation(now, later,
                 "the organization has several accounts " + quoted +
                     ". Rename all but the one whose token lies in the Secret");
  return nullptr;
}

operation begin_operation(const snapshot& seen, const std::optional<operation>& before, mint_cause cause,
                          time_point at) {
  operation op;
  op.id = seen.operation_id;
  op.revision = before ? before->revision + 1 : 1;
  op.cause = cause;
  op.holder = seen.holder;
  op.started_at = at;
  op.call_timeout = seen.object.spec.timeout;
  op.budget = accounts::charge(before ? before->budget : mint_budget{}, cause, at);
  return op;
}

// By schedule only what comes by schedule; what comes sooner, because it fails or because somebody writes to
// the Secret, keeps a growing distance.
mint_cause cause_of(const snapshot& seen, const std::optional<operation>& before, const credential_note& note,
                    time_point at) {
  if (!before) return mint_cause::initial_issue;
  const auto due = replacement_due(note, seen.object.spec.rotate_credentials->interval);
  const bool in_time = due && is_committed(*before, note, seen.object) &&
                       std::chrono::abs(at - before->started_at) >= (*due - *note.issued_at) / 2;
  return in_time ? mint_cause::scheduled_renewal : mint_cause::recovery;
}

account_fields fields_of_new(const snapshot& seen, const state& now, const account& like,
                             const operation& op) {
  static constexpr std::size_t longest = 110;
  std::string name = seen.object.spec.rotate_credentials->account_name;
  // Where names are unique, the new account needs one of its own beside the one before.
  if (now.rotation.name_taken) name = name.substr(0, longest) + "-r" + std::to_string(op.revision);
  return {.name = std::move(name),
          .description = credential_description(seen.object, {seen.cluster_id, seen.object.meta.uid}, op),
          .roles = like.roles,
          .projects = like.projects,
          .expires_at = std::optional<time_point>()};
}

}  // namespace

planned plan_replacement(const snapshot& seen, state& now, const credential_note& note, time_point at) {
  const auto before = intent_of(seen, now);
  const std::string& key = seen.object.spec.credentials.key;
  if (!now.rotation.noted) {
    const mint_cause cause = cause_of(seen, before, note, at);
    const time_point allowed = accounts::allowed_at(before ? before->budget : mint_budget{}, cause, at);
    if (allowed > at) return end_rotation(now, allowed);
    const bool by_name = !note.fits;
    if (!now.rotation.listed || (by_name && !now.rotation.listed_by_name))
      return list_credentials{at,
                              by_name ? seen.object.spec.rotate_credentials->account_name : std::string()};
    if (now.remembered.clean_up_at) return end_rotation(now, now.remembered.clean_up_at);
    if (find_template(seen, now, note, at) == nullptr) return std::nullopt;
    const object_meta& meta = current_meta(seen, now);
    return patch_operation{key_of(meta), meta.resource_version, meta.finalizers,
                           begin_operation(seen, before, cause, at)};
  }
  const account* like = find_template(seen, now, note, at);
  if (like == nullptr) return std::nullopt;
  if (!now.rotation.rehearsed) {
    credential_in_hand dummy{
        .op = *now.rotation.noted, .account_id = like->id, .fingerprint = "sha256:000000000000"};
    dummy.token = std::make_shared<const secret_string>(std::string(token_size, 'x'));
    dummy.issued_at = at;
    return dry_run_secret{switch_write(*now.rotation.secret, key, dummy)};
  }
  now.rotation.left_account =
      find_credential_marker(like->description)
          ? std::string()
          : clean_message(like->name, 128) + " (" + clean_message(like->id, 128) + ")";
  return create_credential{fields_of_new(seen, now, *like, *now.rotation.noted), like->project_id};
}

}  // namespace platformer::connections
