#include "controllers/service_account/desired.hpp"

#include <algorithm>
#include <utility>

#include "controllers/service_account/contents.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

// "label:a,label:b,annotation:c,data:d": what the spec asked for, so that keys it drops later can be removed.
std::string applied_keys(const secret_spec& spec) {
  std::string text;
  for (const auto& [key, value] : spec.labels)
    text.append(text.empty() ? "" : ",").append("label:").append(key);
  for (const auto& [key, value] : spec.annotations)
    text.append(text.empty() ? "" : ",").append("annotation:").append(key);
  if (const std::string keys = noted_keys(spec); !keys.empty())
    text.append(text.empty() ? "" : ",").append(keys);
  return text;
}

void set_spec_metadata(secret_write& write, const snapshot& seen) {
  const secret_spec& spec = seen.object->spec.secret;
  write.labels[std::string(names::managed_by_label)] = names::managed_by_value;
  for (const auto& [key, value] : spec.labels)
    write.labels[key] = value;
  for (const auto& [key, value] : spec.annotations)
    write.annotations[key] = value;
  const std::string applied = applied_keys(spec);
  auto& slot = write.annotations[std::string(names::secret_applied)];
  if (!applied.empty()) slot = applied;
}

// Removes the labels and annotations that an earlier spec asked for and this one doesn't.
void remove_dropped_keys(secret_write& write, const object_meta& secret) {
  for (const std::string_view entry : applied_entries(secret)) {
    const auto drop = [&](auto& map, std::string_view prefix) {
      if (entry.starts_with(prefix) && !entry.substr(prefix.size()).starts_with(names::reserved_prefix))
        map.try_emplace(std::string(entry.substr(prefix.size())), std::nullopt);
    };
    drop(write.labels, "label:");
    drop(write.annotations, "annotation:");
  }
}

// Ours as controller, other owners (who only reference) kept.
std::vector<owner_reference> owners_with_us(const object_meta* secret, const object_meta& object) {
  std::vector<owner_reference> owners;
  if (secret != nullptr)
    for (const owner_reference& each : secret->owners)
      if (!each.controller && each.uid != object.uid) owners.push_back(each);
  owners.push_back(owner_reference_to(object));
  return owners;
}

// A write to the Secret of the spec's name as it was seen, or to a new one.
secret_write start_write(const snapshot& seen, const state& now) {
  const secret_view secret = view_secret(seen, now);
  secret_write write;
  write.key = seen.secret_key();
  write.type = to_string(seen.object->spec.secret.type);
  if (secret.meta != nullptr) {
    write.uid = secret.meta->uid;
    write.resource_version = secret.meta->resource_version;
    remove_dropped_keys(write, *secret.meta);
  }
  set_spec_metadata(write, seen);
  write.owners = owners_with_us(secret.meta, seen.object->meta);
  return write;
}

void set_record(secret_write& write, const secret_record& record) {
  auto all = record_annotations(record);
  all.merge(write.annotations);
  write.annotations = std::move(all);
}

// A changed fixed expiry is noted without a new token once the account has it.
void note_fixed_end(secret_record& record, const snapshot& seen, const state& now) {
  const account* ours = view_accounts(seen, now).ours;
  const auto& fixed = seen.object->spec.token.expires_at;
  if (fixed && ours != nullptr && ours->expires_at == fixed) record.expires_at = fixed;
}

template <class Map>
bool differs(const Map& wanted, const string_map& is) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const auto& each) {
    const auto found = is.find(each.first);
    return each.second ? found == is.end() || found->second != *each.second : found != is.end();
  });
}

}  // namespace

std::optional<time_point> desired_expiry(const service_account_spec& spec, time_point at) {
  if (spec.token.expires_at) return spec.token.expires_at;
  if (spec.token.lifetime) return std::chrono::floor<std::chrono::seconds>(at + *spec.token.lifetime);
  return std::nullopt;
}

owner_reference owner_reference_to(const object_meta& object) {
  return {.api_version = std::string(names::api_version),
          .kind = std::string(names::service_account_kind),
          .name = object.name,
          .uid = object.uid,
          .controller = true};
}

namespace {

// Where names are unique, an account that takes another's place has a name of its own.
std::string account_name(const snapshot& seen, const state& now) {
  const std::string& name = seen.object->spec.account_name;
  if (!now.remembered.name_taken || !now.known.intent || now.known.intent->replaces.empty()) return name;
  static constexpr std::size_t longest = 110;
  return name.substr(0, longest) + "-r" + std::to_string(now.known.intent->revision);
}

}  // namespace

account_fields desired_account(const snapshot& seen, const state& now, time_point at) {
  const service_account_spec& spec = seen.object->spec;
  return {.name = account_name(seen, now),
          .description = with_marker(spec.description, seen.mark()),
          .roles = now.known.names->roles,
          .projects = now.known.names->projects,
          .expires_at = desired_expiry(spec, at)};
}

account_difference compare_account(const snapshot& seen, const state& now, const account& is) {
  account_difference difference;
  const service_account_spec& spec = seen.object->spec;
  if (const std::string wanted = with_marker(spec.description, seen.mark()); is.description != wanted) {
    difference.change.description = wanted;
    difference.names.emplace_back("description");
  }
  if (is.roles != now.known.names->roles) {
    difference.change.roles = now.known.names->roles;
    difference.names.emplace_back("permissions and roles");
  }
  if (is.projects != now.known.names->projects) {
    difference.change.projects = now.known.names->projects;
    difference.names.emplace_back("project access");
  }
  if (spec.token.expires_at && is.expires_at != spec.token.expires_at) {
    difference.change.expires_at = spec.token.expires_at;
    difference.names.emplace_back("expiry");
  }
  return difference;
}

secret_write commit_write(const snapshot& seen, const state& now, const minted_token& minted) {
  secret_write write = start_write(seen, now);
  secret_record record = current_record(now);
  if (record.revision == 0) {
    record.previous_account_id = minted.previous_account_id;
    record.previous_until = minted.previous_until;
  }
  const std::string old_fingerprint = std::exchange(record.fingerprint, minted.fingerprint);
  record.operation_id = minted.op.id;
  record.revision = minted.op.revision;
  record.account_id = minted.account_id;
  record.renew = minted.renew;
  record.renew_history = minted.op.renew_history;
  record.issued_at = minted.issued_at;
  record.expires_at = minted.expires_at;
  record.cause = to_string(minted.op.cause);
  if (minted.op.kind == operation_kind::create) {
    record.previous_account_id = minted.op.replaces;
    record.previous_until.reset();
    if (!minted.op.replaces.empty())
      record.previous_until =
          std::chrono::ceil<std::chrono::seconds>(minted.issued_at + seen.object->spec.token.overlap);
  }
  set_record(write, record);
  set_contents(write, seen, now, minted.token, record, view_secret(seen, now).content, old_fingerprint);
  return write;
}

std::optional<secret_write> repair_write(const snapshot& seen, const state& now) {
  const secret_view secret = view_secret(seen, now);
  const object_meta& is = *secret.meta;
  secret_write write = start_write(seen, now);
  secret_record record = *secret.record;
  note_fixed_end(record, seen, now);
  if (now.known.overlap_over) {
    record.previous_account_id.clear();
    record.previous_until.reset();
  }
  if (record != read_record(is)) set_record(write, record);
  // Without its connection the templates' values are not known; then it is left as it is.
  if (secret.content != nullptr && seen.connection.state != connection_view::standing::missing)
    if (const secret_entry* token = intact_token(*secret.content, record.fingerprint))
      set_contents(write, seen, now, token->value, record, secret.content, record.fingerprint);
  const bool wrong_owner = is.owners != *write.owners;
  if (write.data.empty() && !wrong_owner && !differs(write.labels, is.labels) &&
      !differs(write.annotations, is.annotations))
    return std::nullopt;
  return write;
}

secret_write move_write(const snapshot& seen, const state& now) {
  const secret_content& old = **now.known.old_secret;
  secret_write write = start_write(seen, now);
  secret_record record = read_record(old.meta);
  note_fixed_end(record, seen, now);
  set_record(write, record);
  set_contents(write, seen, now, intact_token(old, record.fingerprint)->value, record, nullptr,
               record.fingerprint, &old);
  return write;
}

secret_write release_write(const object_meta& secret) {
  secret_write write;
  write.key = key_of(secret);
  write.uid = secret.uid;
  write.resource_version = secret.resource_version;
  write.labels[std::string(names::managed_by_label)] = std::nullopt;
  std::vector<owner_reference> owners;
  for (const owner_reference& each : secret.owners)
    if (!each.controller) owners.push_back(each);
  write.owners = std::move(owners);
  return write;
}

}  // namespace platformer::accounts
