#include "tests/unit/controllers/world.hpp"

#include "base/hash.hpp"
#include "model/names.hpp"
#include "tests/unit/controllers/transcript.hpp"

namespace platformer::accounts::test {

snapshot world::look() {
  snapshot seen;
  seen.object = object;
  seen.connection = connection;
  seen.cluster_id = "c1";
  seen.holder = "operator-0";
  seen.operation_id = "op-" + next_version();
  seen.provably_new = provably_new && !object.meta.has_finalizer(names::finalizer);
  for (const auto& [name, content] : secrets) {
    const auto label = content.meta.labels.find(names::managed_by_label);
    if (label == content.meta.labels.end() || label->second != names::managed_by_value) continue;
    const auto cached = std::make_shared<const secret_meta>(secret_meta{content.meta});
    if (name == object.spec.secret.name) seen.secret = cached;
    const owner_reference* controller = content.meta.controller();
    if (controller != nullptr && controller->uid == object.meta.uid) seen.owned.push_back(cached);
  }
  for (const restart_target& each : object.spec.restart_targets)
    seen.restarts.push_back(
        {each, seen.secret ? std::string(seen.secret->meta.annotation(names::secret_revision)) : "",
         other_secret_changed_at});
  return seen;
}

void world::restart() {
  remembered = {};
  provably_new = false;
}

void world::edit_spec() {
  ++object.meta.generation;
  object.meta.resource_version = next_version();
}

void world::annotate(std::string_view key, std::string value) {
  object.meta.annotations[std::string(key)] = std::move(value);
  object.meta.resource_version = next_version();
}

void world::delete_object() {
  object.meta.deleted = now;
  edit_spec();
}

void world::wipe_intent() {
  object.meta.annotations.erase(std::string(names::operation_annotation));
  object.meta.resource_version = next_version();
}

void world::touch(const std::string& secret) {
  secrets.at(secret).meta.resource_version = next_version();
}

secret_content& world::put_secret(const std::string& name) {
  secret_content& content = secrets[name];
  content.meta.name = name;
  content.meta.ns = object.meta.ns;
  content.meta.uid = "secret-" + next_version();
  content.meta.resource_version = next_version();
  return content;
}

account& world::put_account(const std::string& id, const std::string& description) {
  accounts.push_back({});
  accounts.back().id = id;
  accounts.back().description = description;
  accounts.back().created_at = now;
  return accounts.back();
}

std::string world::token(const std::string& name, const std::string& key) const {
  const auto& data = secrets.at(name).data;
  const auto found = data.find(key);
  return found == data.end() || !found->second.value ? "" : std::string(found->second.value->reveal());
}

bool world::token_is_live(const std::string& name) const {
  if (!secrets.contains(name)) return false;
  const std::string account_id(secrets.at(name).meta.annotation(names::secret_account_id));
  const auto live = live_tokens.find(account_id);
  return live != live_tokens.end() && live->second == token(name, object.spec.secret.key);
}

std::string world::revision(const std::string& name) const {
  return std::string(secrets.at(name).meta.annotation(names::secret_revision));
}

std::string world::cause(const std::string& name) const {
  return std::string(secrets.at(name).meta.annotation(names::secret_cause));
}

const condition* world::condition_of(std::string_view type) const {
  return find_condition(object.status.conditions, type);
}

std::string world::reason() const {
  const condition* ready = condition_of("Ready");
  return ready == nullptr ? "" : ready->reason;
}

std::string world::our_marker() const {
  return marker{"c1", object.meta.ns, object.meta.name, object.meta.uid}.to_string();
}

world a_new_object() {
  world fresh;
  object_meta& meta = fresh.object.meta;
  meta.name = "ci-bot";
  meta.ns = "team-a";
  meta.uid = "u1";
  meta.generation = 1;
  meta.resource_version = "100";
  meta.created = start_of_time;
  fresh.object.spec.account_name = "ci-bot";
  fresh.object.spec.secret.name = "ci-bot-token";
  fresh.object.spec.own.permissions = {"rudder.app.viewer"};
  fresh.connection.state = connection_view::standing::ready;
  fresh.connection.name = "default";
  fresh.connection.organization_id = "org-1";
  return fresh;
}

world a_ready_object() {
  world issued = a_new_object();
  play(issued);
  issued.advance(std::chrono::hours(1));
  return issued;
}

std::string fingerprint_of(std::string_view token) {
  return "sha256:" + renew_hash(token).substr(0, 12);
}

secret_entry entry_of(std::string_view token) {
  return {std::make_shared<const secret_string>(token), fingerprint_of(token)};
}

}  // namespace platformer::accounts::test
