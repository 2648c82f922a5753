#include "controllers/console_connection/credential.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace platformer::connections {
namespace {

constexpr std::string_view made_by = "operation ";

secret_write change_of(const secret_content& secret) {
  secret_write write;
  write.key = key_of(secret.meta);
  write.uid = secret.meta.uid;
  write.resource_version = secret.meta.resource_version;
  write.type = secret.type;
  return write;
}

std::optional<time_point> time_in(const object_meta& meta, std::string_view key) {
  const auto parsed = parse_rfc3339(meta.annotation(key));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

credential_note read_note(const secret_content& secret, const std::string& key) {
  const object_meta& meta = secret.meta;
  credential_note note;
  const auto label = meta.labels.find(names::managed_credential_label);
  note.consent = label != meta.labels.end() && label->second == "true";
  note.operation_id = meta.annotation(names::secret_operation_id);
  note.abandoned = meta.annotation(names::secret_abandoned);
  note.account_id = meta.annotation(names::secret_account_id);
  note.issued_at = time_in(meta, names::secret_issued_at);
  note.expires_at = time_in(meta, names::secret_expires_at);
  const auto value = secret.data.find(key);
  note.fits = value != secret.data.end() && value->second.value && !note.account_id.empty() &&
              meta.annotation(names::secret_fingerprint) == value->second.fingerprint;
  return note;
}

std::optional<time_point> replacement_due(const credential_note& note, duration interval) {
  if (!note.fits || !note.issued_at) return std::nullopt;
  time_point due = *note.issued_at + interval;
  if (note.expires_at && *note.expires_at > *note.issued_at)
    due = std::min(due, *note.issued_at + (*note.expires_at - *note.issued_at) * 2 / 3);
  return due;
}

// The status is asked too, since people may have replaced the Secret and its notes with it.
bool is_committed(const operation& op, const credential_note& note, const console_connection& object) {
  return note.operation_id == op.id ||
         (object.status.credential && object.status.credential->operation_id == op.id);
}

bool is_settled(const operation& op, const credential_note& note, const console_connection& object) {
  return note.abandoned == op.id || is_committed(op, note, object);
}

std::string credential_description(const console_connection& object, const credential_marker& mark,
                                   const operation& op) {
  return "The operator's own credential for " + title(object) + ", " + std::string(made_by) + op.id + "\n" +
         mark.to_string();
}

bool was_made_by(const account& made, std::string_view operation_id) {
  const std::string wanted = std::string(made_by).append(operation_id) + "\n";
  return made.description.find(wanted) != std::string::npos;
}

secret_write switch_write(const secret_content& secret, const std::string& key,
                          const credential_in_hand& made) {
  secret_write write = change_of(secret);
  write.data[key] = made.token;
  const auto note = [&](std::string_view name, std::optional<std::string> value) {
    write.annotations[std::string(name)] = std::move(value);
  };
  note(names::secret_operation_id, made.op.id);
  note(names::secret_revision, std::to_string(made.op.revision));
  note(names::secret_account_id, made.account_id);
  note(names::secret_fingerprint, made.fingerprint);
  note(names::secret_issued_at, format_rfc3339(made.issued_at));
  note(names::secret_expires_at,
       made.expires_at ? std::optional(format_rfc3339(*made.expires_at)) : std::nullopt);
  return write;
}

secret_write abandon_write(const secret_content& secret, const std::string& operation_id) {
  secret_write write = change_of(secret);
  write.annotations[std::string(names::secret_abandoned)] = operation_id;
  return write;
}

}  // namespace platformer::connections
