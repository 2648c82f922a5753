// Replacing the connection's own credential (spec.rotateCredentials): a new account, its token tried, the
// Secret switched, the account before deleted; never in place. The order of requests is that of
// docs/issuance-protocol.md, and the commit point is again one write of the Secret.
#include <algorithm>

#include "controllers/console_connection/plan.hpp"
#include "model/marker.hpp"
#include "model/names.hpp"

namespace platformer::connections {
namespace {

using planned = std::optional<request>;

bool is_due(const snapshot& seen, const state& now, time_point at) {
  if (!seen.object.spec.rotate_credentials) return false;
  const auto due = replacement_due(current_note(seen, now), seen.object.spec.rotate_credentials->interval);
  return !due || at >= *due;
}

bool has_work(const snapshot& seen, const state& now, time_point at) {
  if (now.remembered.in_hand || is_due(seen, now, at)) return true;
  if (now.remembered.clean_up_at && at >= *now.remembered.clean_up_at) return true;
  const auto op = intent_of(seen, now);
  return op && !is_settled(*op, current_note(seen, now), seen.object);
}

// The deletion of one account that nobody needs; nullopt: there is none, as far as was listed.
planned clean_up(const snapshot& seen, state& now, time_point at) {
  const auto gone = left_behind(seen, now, at);
  if (gone.empty()) return std::nullopt;
  return delete_credential{gone.front()->id, gone.front()->project_id};
}

// The token is tried before it takes the place of one that works.
planned plan_switch(const snapshot& seen, state& now) {
  credential_in_hand& made = *now.remembered.in_hand;
  if (!made.proven) return try_credential{made.token};
  return write_secret{switch_write(*now.rotation.secret, seen.object.spec.credentials.key, made)};
}

// nullopt and nothing ended: there is a Secret to work on.
planned secure_secret(const snapshot& seen, state& now, time_point at) {
  rotation_state& its = now.rotation;
  const object_key key = seen.object.secret_key(seen.object.spec.credentials);
  if (!its.secret) return read_credential{key};
  const auto value = its.secret->data.find(seen.object.spec.credentials.key);
  const std::string& version = its.secret->meta.resource_version;
  const bool missing = version.empty() || value == its.secret->data.end() || !value->second.value;
  const std::string& used = now.installed ? now.credentials->meta.resource_version : seen.credential_version;
  if (!missing && (its.secret_written || version == used)) return std::nullopt;
  // It is not what the client in use was made from: that comes first.
  its.secret.reset();
  if (now.installed) return end_rotation(now, at + rotation_retry);
  now.outdated = true;
  return read_secret{key};
}

}  // namespace

std::optional<operation> intent_of(const snapshot& seen, const state& now) {
  return decode_operation(current_meta(seen, now).annotation(names::operation_annotation));
}

planned end_rotation(state& now, std::optional<time_point> retry_at, std::string problem) {
  now.rotation.ended = true;
  now.rotation.retry_at = retry_at;
  if (problem.empty()) return std::nullopt;
  now.rotation.problem = &reason::rotation_failed;
  now.rotation.problem_message = std::move(problem);
  return std::nullopt;
}

const credential_note& current_note(const snapshot& seen, const state& now) {
  return now.note ? *now.note : seen.note;
}

std::vector<const account*> left_behind(const snapshot& seen, const state& now, time_point at) {
  std::vector<const account*> gone;
  if (!now.rotation.listed) return gone;
  const credential_note& note = current_note(seen, now);
  const credential_marker ours{seen.cluster_id, seen.object.meta.uid};
  // Calls that were begun with the token before may be under way.
  const bool is_young = note.issued_at && at < *note.issued_at + credential_overlap &&
                        *note.issued_at <= at + credential_overlap;
  for (const account& each : *now.rotation.listed) {
    if (find_credential_marker(each.description) != ours) continue;
    const bool given_up = !note.abandoned.empty() && was_made_by(each, note.abandoned);
    // Without a note that fits nobody knows whose token the Secret holds.
    const bool replaced = note.fits && each.id != note.account_id && !is_young;
    if ((given_up && !(note.fits && each.id == note.account_id)) || replaced) gone.push_back(&each);
  }
  return gone;
}

planned plan_rotation(const snapshot& seen, state& now, time_point at) {
  if (now.rotation.ended) return std::nullopt;
  if (!has_work(seen, now, at)) {
    // What an earlier process left behind shows in the listing that a look makes anyway.
    if (!seen.object.spec.rotate_credentials || !now.looked) return std::nullopt;
    if (!now.rotation.listed) return list_credentials{*now.looked, ""};
    if (left_behind(seen, now, at).empty()) return std::nullopt;
  }
  if (!current_note(seen, now).consent) {
    const object_key key = seen.object.secret_key(seen.object.spec.credentials);
    return end_rotation(now, std::nullopt,
                        "the Secret's owner has not agreed to it: kubectl label secret " + key.name + " -n " +
                            key.ns + " " + std::string(names::managed_credential_label) + "=true");
  }
  if (auto next = secure_secret(seen, now, at); next || now.rotation.ended) return next;
  now.note = read_note(*now.rotation.secret, seen.object.spec.credentials.key);
  if (now.remembered.in_hand) {
    const auto& value = now.rotation.secret->data.at(seen.object.spec.credentials.key);
    if (value.fingerprint == now.remembered.in_hand->replaces) return plan_switch(seen, now);
    if (now.note->operation_id == now.remembered.in_hand->op.id) {  // the write's answer was lost
      credential_switched(now, at);
      return read_secret{seen.object.secret_key(seen.object.spec.credentials)};
    }
    // A person was faster: theirs stays, and the account of ours goes.
    now.remembered.doubted = now.remembered.in_hand->op.id;
    now.remembered.doubted_since = time_point{};
    now.remembered.in_hand.reset();
    now.rotation.noted.reset();
  }
  const auto op = intent_of(seen, now);
  if (op && !now.rotation.noted && !is_settled(*op, *now.note, seen.object)) {
    if (now.remembered.doubted != op->id) {
      now.remembered.doubted = op->id;
      now.remembered.doubted_since = at;
    }
    // A clock that was set back must not make it longer.
    now.remembered.doubted_since = std::min(now.remembered.doubted_since, at);
    const time_point over =
        now.remembered.doubted_since + std::max(op->call_timeout, seen.object.spec.timeout);
    if (at < over) return end_rotation(now, over);
    return write_secret{abandon_write(*now.rotation.secret, op->id)};
  }
  const bool clean = now.remembered.clean_up_at && at >= *now.remembered.clean_up_at;
  if (clean && !now.rotation.listed) return list_credentials{at, ""};
  if (auto next = clean_up(seen, now, at)) return next;
  if (clean) now.remembered.clean_up_at.reset();
  if (is_due(seen, now, at)) return plan_replacement(seen, now, *now.note, at);
  return std::nullopt;
}

std::optional<time_point> next_rotation(const snapshot& seen, const state& now, time_point at) {
  std::optional<time_point> next = now.rotation.retry_at;
  const auto earlier = [&](std::optional<time_point> other) {
    if (other && (!next || *other < *next)) next = other;
  };
  // What is late in a run that was cut short waits for the next attempt.
  if (const auto clean = now.remembered.clean_up_at; clean && !(now.rotation.ended && *clean <= at))
    earlier(clean);
  const auto& wanted = seen.object.spec.rotate_credentials;
  if (wanted && current_note(seen, now).consent && !now.rotation.ended)
    earlier(replacement_due(current_note(seen, now), wanted->interval));
  return next ? std::optional(std::max<time_point>(*next, at + std::chrono::seconds(1))) : std::nullopt;
}

}  // namespace platformer::connections
