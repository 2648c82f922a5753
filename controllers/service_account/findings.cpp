#include "controllers/service_account/findings.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace platformer::accounts {
namespace {

bool is_service_account_ref(const owner_reference& ref) {
  const std::string_view version = ref.api_version;
  return ref.kind == names::service_account_kind && version.starts_with(names::group) &&
         version.substr(names::group.size()).starts_with("/");
}

bool bears_our_record(const object_meta& secret) {
  const auto label = secret.labels.find(names::managed_by_label);
  return label != secret.labels.end() && label->second == names::managed_by_value &&
         !secret.annotation(names::secret_account_id).empty();
}

// The operation of that ID, if it is one that is known: an outdated view may have led to another one since.
const operation* find_operation(const state& now, const std::string& id) {
  const operation* latest = current_operation(now);
  if (latest != nullptr && latest->id == id) return latest;
  return now.known.noted && now.known.noted->id == id ? &*now.known.noted : nullptr;
}

// Notes that were wiped from a Secret whose token is still the one that we, or status, speak of.
void mend(secret_record& record, const secret_content* content, const snapshot& seen, const state& now) {
  const auto& ours = now.remembered.unreported;
  if (ours && record.operation_id.empty() && content != nullptr &&
      intact_token(*content, ours->fingerprint) != nullptr) {
    record = *ours;
    return;
  }
  const service_account_status& status = seen.object->status;
  const token_status& token = status.token;
  if (token.revision == 0 || token.fingerprint.empty()) return;
  if (record.fingerprint.empty() && content != nullptr &&
      intact_token(*content, token.fingerprint) != nullptr)
    record.fingerprint = token.fingerprint;
  if (record.fingerprint != token.fingerprint) return;
  const bool lacks_operation = record.operation_id.empty();
  if (lacks_operation) record.operation_id = token.operation_id;
  const operation* op = find_operation(now, record.operation_id);
  if (lacks_operation && op != nullptr) record.previous_account_id = op->replaces;
  if (record.revision == 0) record.revision = token.revision;
  if (record.account_id.empty()) record.account_id = status.account_id;
  if (!record.issued_at) record.issued_at = token.issued_at;
  if (!record.expires_at) record.expires_at = token.expires_at;
  if (record.cause.empty()) record.cause = token.cause;
  if (record.renew.empty()) record.renew = status.last_handled_renew;
  if (record.renew_history.empty() && op != nullptr) record.renew_history = op->renew_history;
  if (record.renew_history.empty() && !record.renew.empty())
    record.renew_history.push_back(renew_hash(record.renew));
  // Who may edit the Secret could make the token look older, or its end nearer, than it is.
  if (record.operation_id != token.operation_id) return;
  const auto raise = [](std::optional<time_point>& noted, const std::optional<time_point>& told) {
    if (noted && told && *noted < *told) noted = told;
  };
  raise(record.issued_at, token.issued_at);
  if (!seen.object->spec.token.expires_at) raise(record.expires_at, token.expires_at);
}

}  // namespace

secret_owner owner_of(const object_meta& secret, const object_meta& object) {
  const owner_reference* controller = secret.controller();
  if (controller != nullptr && controller->name == object.name && is_service_account_ref(*controller)) {
    if (controller->uid == object.uid) return secret_owner::ours;
    // One name has one living object, so that UID is gone.
    if (bears_our_record(secret)) return secret_owner::predecessor;
  }
  if (controller == nullptr && bears_our_record(secret)) return secret_owner::predecessor;
  if (controller == nullptr && secret.annotation(names::take_over_annotation) == object.name)
    return secret_owner::handed_over;
  return secret_owner::foreign;
}

const secret_entry* intact_token(const secret_content& content, const std::string& fingerprint) {
  if (fingerprint.empty()) return nullptr;
  for (const auto& [key, entry] : content.data)
    if (entry.value && !entry.value->empty() && entry.fingerprint == fingerprint) return &entry;
  return nullptr;
}

void read_records(const snapshot& seen, state& now) {
  now.known.named_record = {};
  now.known.moving_record = {};
  const secret_view named = view_secret(seen, now);
  if (named.owner == secret_owner::ours || named.owner == secret_owner::predecessor)
    now.known.named_record = read_record(*named.meta);
  if (named.owner == secret_owner::ours) mend(now.known.named_record, named.content, seen, now);
  if (!now.known.old_secret) {
    if (const object_meta* old = moved_from(seen)) now.known.moving_record = read_record(*old);
  } else if (*now.known.old_secret) {
    now.known.moving_record = read_record((*now.known.old_secret)->meta);
  }
}

secret_view view_secret(const snapshot& seen, const state& now) {
  static const secret_record none;
  secret_view view;
  view.record = &none;
  if (now.known.secret) {
    if (*now.known.secret) view.content = &**now.known.secret;
    view.meta = view.content != nullptr ? &view.content->meta : nullptr;
  } else if (seen.secret) {
    view.meta = &seen.secret->meta;
  }
  if (view.meta == nullptr) return view;
  view.owner = owner_of(*view.meta, seen.object->meta);
  if (view.owner != secret_owner::ours && view.owner != secret_owner::predecessor) return view;
  view.record = &now.known.named_record;
  if (view.content != nullptr)
    view.token_intact = intact_token(*view.content, view.record->fingerprint) != nullptr;
  else
    view.token_intact = view.meta->resource_version == now.remembered.checked_secret_version;
  return view;
}

const object_meta* moved_from(const snapshot& seen) {
  const object_meta* latest = nullptr;
  const auto is_later = [&](const object_meta& a, const object_meta& b) {
    const auto revision = read_record(a).revision;
    const auto other = read_record(b).revision;
    return revision != other ? revision > other : is_newer(a.resource_version, b.resource_version);
  };
  for (const auto& each : seen.owned)
    if (each->meta.name != seen.object->spec.secret.name && each->meta.ns == seen.object->meta.ns &&
        owner_of(each->meta, seen.object->meta) == secret_owner::ours &&
        (latest == nullptr || is_later(each->meta, *latest)))
      latest = &each->meta;
  return latest;
}

const secret_record& current_record(const state& now) {
  return now.known.named_record.revision != 0 ? now.known.named_record : now.known.moving_record;
}

const operation* current_operation(const state& now) {
  if (now.known.intent) return &*now.known.intent;
  const auto& noted = now.known.noted;
  const auto& last = now.remembered.last_intent;
  if (last && (!noted || last->revision > noted->revision || last->id == noted->id)) return &*last;
  return noted ? &*noted : nullptr;
}

operation_state state_of_operation(const snapshot& seen, const state& now) {
  const operation* op = current_operation(now);
  if (op == nullptr) return operation_state::none;
  if (current_record(now).operation_id == op->id) return operation_state::settled;
  const bool not_called_yet = now.known.intent && !now.known.called;
  if (not_called_yet || now.remembered.refused_id == op->id) return operation_state::unused;
  if (seen.object->status.token.operation_id == op->id || now.remembered.committed_id == op->id)
    return operation_state::lost;
  return operation_state::in_doubt;
}

bool is_unfinished(const snapshot& seen, const state& now, mint_cause cause) {
  const operation* op = current_operation(now);
  return op != nullptr && op->cause == cause && op->kind == operation_kind::renew &&
         state_of_operation(seen, now) == operation_state::unused;
}

const std::string& recorded_account_id(const snapshot& seen, const state& now) {
  const secret_record& record = current_record(now);
  if (!record.account_id.empty()) return record.account_id;
  const std::string& noted = seen.object->status.account_id;
  return noted.empty() ? now.remembered.minted_account_id : noted;
}

const std::string& project_id(const snapshot& seen, const state& now) {
  if (seen.object->spec.project.empty()) return seen.object->spec.project;
  return now.known.names ? now.known.names->project_id : seen.object->status.project_id;
}

std::string open_renew_request(const snapshot& seen, const state& now) {
  const std::string_view wanted = seen.object->meta.annotation(names::renew_annotation);
  if (wanted.empty()) return {};
  const secret_record& record = current_record(now);
  if (is_honoured(record, wanted, seen.object->status.last_handled_renew)) return {};
  // The intent of what was committed knows as well, should somebody wipe the Secret's notes.
  const operation_state state = state_of_operation(seen, now);
  if (state == operation_state::settled || state == operation_state::lost) {
    const auto& history = current_operation(now)->renew_history;
    if (std::find(history.begin(), history.end(), renew_hash(wanted)) != history.end()) return {};
  }
  return std::string(wanted);
}

bool is_outdated(const snapshot& seen, const state& now, const secret_record& record) {
  const token_status& token = seen.object->status.token;
  const std::int64_t known = std::min(token.revision, trusted_revision_limit);
  if (record.revision < std::max(known, now.remembered.committed_revision)) return true;
  const auto other_operation = [&](std::int64_t revision, const std::string& id) {
    return record.revision == revision && !id.empty() && record.operation_id != id;
  };
  return other_operation(token.revision, token.operation_id) ||
         other_operation(now.remembered.committed_revision, now.remembered.committed_id);
}

std::optional<renewal> due_renewal(const snapshot& seen, const state& now) {
  return next_renewal(seen.object->spec.token, current_record(now), seen.object->meta.uid);
}

}  // namespace platformer::accounts
