// Worlds from an input's bytes.
#include "model/names.hpp"
#include "tests/fuzz/step_world.hpp"

namespace platformer::fuzz {
namespace {

using accounts::connection_view;

constexpr std::string_view ns = "team-a", object_name = "api";

access any_access(supply& in) {
  access some;
  if (in.flag()) some.permissions = {"read"};
  if (in.rarely(3)) some.permissions.insert("admin");
  if (in.rarely(3)) some.custom_roles = {"Deployers"};
  return some;
}

token_spec any_token_spec(supply& in) {
  token_spec token;
  if (in.rarely(3)) token.expires_at = any_time(in);
  if (in.flag()) token.lifetime = std::chrono::minutes(10 * in.byte());
  if (in.rarely(3)) token.renew_before = std::chrono::minutes(in.byte());
  if (in.rarely(3)) token.rotation_interval = std::chrono::hours(in.byte());
  if (in.rarely(3)) token.verify_interval = std::chrono::hours(in.byte());
  if (in.flag()) token.strategy = token_strategy::replace;
  token.overlap = std::chrono::minutes(in.byte());
  return token;
}

secret_spec any_secret_spec(supply& in) {
  secret_spec secret;
  secret.name = any_of<std::string>(in, {"api-token", "api-token", "elsewhere"});
  secret.key = any_of<std::string>(in, {"token", "token", "password"});
  if (in.flag()) secret.labels = {{"tier", "prod"}};
  if (in.rarely(3)) secret.annotations = {{"note", "x"}};
  secret.type = static_cast<secret_type>(in.below(3));
  if (in.rarely(3)) secret.templates = {{"env", "T=${token} A=${account-id}"}};
  if (in.rarely(8)) secret.templates["bad"] = "${nonsense";
  if (secret.type != secret_type::opaque) secret.registry = registry_spec{"registry.example.com", "robot"};
  if (in.rarely(3)) secret.previous_key = "previous";
  if (in.rarely(3)) secret.on_loss = loss_policy::manual;
  return secret;
}

service_account_spec any_spec(supply& in) {
  service_account_spec spec;
  spec.connection = "default";
  spec.account_name = "api";
  if (in.flag()) spec.description = "for tests";
  if (in.flag()) spec.project = "shop";
  spec.own = any_access(in);
  if (in.rarely(4)) spec.project_access = {{"shop", any_access(in)}};
  spec.token = any_token_spec(in);
  spec.secret = any_secret_spec(in);
  if (in.rarely(3)) spec.restart_targets = {{workload_kind::deployment, "web"}};
  spec.adoption = any_of(in, {adoption_policy::if_marked, adoption_policy::never, adoption_policy::always});
  if (in.rarely(3)) spec.deletion = deletion_policy::orphan;
  spec.suspend = in.rarely(16);
  return spec;
}

service_account_status any_status(supply& in) {
  service_account_status status;
  if (in.flag()) return status;
  status.observed_generation = static_cast<std::int64_t>(in.below(3));
  status.account_id = any_account_id(in);
  status.organization_id = any_of<std::string>(in, {"org-1", "org-1", "", "org-2"});
  status.project_id = any_of<std::string>(in, {"", "prj-1"});
  status.secret_name = any_of<std::string>(in, {"api-token", "elsewhere", ""});
  status.token.revision = static_cast<std::int64_t>(in.below(5));
  status.token.secret_version = any_of<std::string>(in, {"", "21", "22", "23"});
  status.token.operation_id = any_operation_id(in);
  status.token.fingerprint = in.flag() ? fingerprint_of(*any_token(in)) : "";
  status.token.issued_at = any_time(in);
  status.token.expires_at = any_time(in);
  status.token.renew_at = any_time(in);
  status.last_handled_renew = any_of<std::string>(in, {"", "a", "b"});
  status.restarted_revision = static_cast<std::int64_t>(in.below(4));
  status.failures = static_cast<std::int64_t>(in.below(4));
  if (in.flag()) status.conditions = {{"Ready", in.flag(), "Issued", "as it was", 1, world_begin}};
  return status;
}

object_meta any_object_meta(supply& in) {
  object_meta meta;
  meta.name = object_name;
  meta.ns = ns;
  meta.uid = "uid-1";
  meta.resource_version = "10";
  meta.generation = 1 + static_cast<std::int64_t>(in.below(3));
  meta.created = world_begin - std::chrono::hours(in.byte());
  if (in.rarely(4)) meta.deleted = world_begin;
  if (in.flag()) meta.finalizers.emplace_back(names::finalizer);
  if (in.rarely(4)) meta.finalizers.emplace_back("example.com/others");
  if (in.flag())
    meta.annotations[std::string(names::operation_annotation)] = encode_operation(any_operation(in));
  if (in.rarely(3))
    meta.annotations[std::string(names::renew_annotation)] = any_of<std::string>(in, {"a", "b"});
  if (in.rarely(8)) meta.annotations[std::string(names::orphan_annotation)] = "true";
  return meta;
}

connection_view any_connection(supply& in) {
  connection_view view;
  view.state = any_of(in, {connection_view::standing::ready, connection_view::standing::ready,
                           connection_view::standing::missing, connection_view::standing::unknown,
                           connection_view::standing::ready, connection_view::standing::not_ready,
                           connection_view::standing::closing, connection_view::standing::ready});
  view.name = "default";
  view.message = "not now";
  view.organization_id = "org-1";
  view.timeout = std::chrono::seconds(in.byte());
  view.gateway = "https://api.example.com";
  // As the registry has it: a connection that is suspended is not ready.
  view.suspended = view.state == connection_view::standing::not_ready && in.flag();
  view.admits = !in.rarely(16);
  if (in.rarely(4)) view.allowed.permissions = {"read"};
  if (in.rarely(4)) view.adoptable = {"api"};
  if (in.rarely(4)) view.look_since = world_begin;
  return view;
}

}  // namespace

accounts::snapshot any_snapshot(supply& in, secret_store& secrets) {
  service_account object;
  object.meta = any_object_meta(in);
  object.spec = any_spec(in);
  object.status = any_status(in);
  if (in.rarely(16)) object.spec_error = "spec.secret is not understood";
  accounts::snapshot seen;
  seen.object = std::move(object);
  seen.connection = any_connection(in);
  for (const char* const name : {"api-token", "elsewhere", "former"})
    if (in.flag()) secrets.change(in, name);
  for (secret_meta& each : secrets.cached()) {
    const auto cached = std::make_shared<const secret_meta>(std::move(each));
    if (key_of(cached->meta) == seen.secret_key()) seen.secret = cached;
    // The cache's index: what our UID controls.
    const owner_reference* controller = cached->meta.controller();
    if (controller != nullptr && controller->uid == "uid-1") seen.owned.push_back(cached);
  }
  for (const restart_target& each : seen.object->spec.restart_targets)
    seen.restarts.push_back({each, "0123456789abcdef", any_time(in).value_or(time_point{})});
  seen.cluster_id = cluster_id;
  seen.holder = "pod-1";
  seen.provably_new = in.flag() && !seen.object->meta.has_finalizer(names::finalizer);
  return seen;
}

accounts::memory any_memory(supply& in, const accounts::snapshot& seen) {
  accounts::memory remembered;
  if (in.flag()) return remembered;
  if (in.rarely(3)) {
    accounts::minted_token pending;
    pending.op = any_operation(in);
    if (pending.op.id.empty()) pending.op.id = "op-3";
    pending.account_id = any_account_id(in);
    pending.token = any_token(in);
    pending.fingerprint = fingerprint_of(*pending.token);
    pending.expires_at = any_time(in);
    pending.issued_at = world_begin;
    remembered.pending = std::move(pending);
  }
  if (in.flag()) remembered.doubt_id = any_operation_id(in);
  remembered.doubt_since = any_time(in).value_or(time_point{});
  if (in.rarely(3)) remembered.refused_id = any_operation_id(in);
  if (in.rarely(3)) remembered.committed_id = any_operation_id(in);
  remembered.committed_revision = static_cast<std::int64_t>(in.below(4));
  if (in.rarely(3)) remembered.unreported = any_record(in);
  // What this process has written itself names its operation.
  if (remembered.unreported && remembered.unreported->operation_id.empty())
    remembered.unreported->operation_id = "op-3";
  remembered.account_generation = static_cast<std::int64_t>(in.below(4));
  remembered.minted_account_id = any_account_id(in);
  remembered.checked_secret_version = seen.secret && in.flag() ? seen.secret->meta.resource_version : "";
  remembered.checked_generation = static_cast<std::int64_t>(in.below(4));
  if (in.flag()) remembered.last_intent = any_operation(in);
  remembered.may_renew_rejected = in.flag();
  remembered.name_taken = in.flag();
  remembered.touched = in.flag();
  remembered.failures = static_cast<std::int64_t>(in.below(4));
  remembered.doubts = static_cast<std::int64_t>(in.below(4));
  remembered.looked_at = any_time(in).value_or(time_point{});
  remembered.verified_at = any_time(in).value_or(time_point{});
  return remembered;
}

}  // namespace platformer::fuzz
