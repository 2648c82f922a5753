// Values from an input's bytes.
#include "model/names.hpp"
#include "tests/fuzz/step_world.hpp"

namespace platformer::fuzz {
namespace {

// Of the object itself, of one before it or of another one; seldom the object's UID with another name, which
// only people write.
owner_reference any_owner(supply& in) {
  const std::string uid = any_uid(in);
  const bool ours = uid == "uid-1" && !in.rarely(8);
  return {std::string(names::api_version),
          std::string(names::service_account_kind),
          ours ? "api" : any_of<std::string>(in, {"api", "other"}),
          uid,
          !in.rarely(8),
          true};
}

}  // namespace

operation any_operation(supply& in) {
  operation op;
  op.id = any_operation_id(in);
  op.kind = in.flag() ? operation_kind::renew : operation_kind::create;
  op.revision = static_cast<std::int64_t>(in.below(5));
  op.cause = static_cast<mint_cause>(in.below(8));
  op.holder = "pod-1";
  op.started_at = world_begin;
  op.call_timeout = std::chrono::seconds(in.byte());
  if (in.flag()) op.renew_history = {renew_hash("a"), renew_hash("b")};
  op.after_doubt = in.rarely(4);
  if (in.rarely(4)) op.replaces = any_account_id(in);
  op.budget.automatic = static_cast<std::int64_t>(in.below(13));
  op.budget.last_automatic = any_time(in);
  op.budget.requested = static_cast<std::int64_t>(in.below(12));
  op.budget.hour_start = any_time(in);
  op.budget.scheduled = static_cast<std::int64_t>(in.below(32));
  op.budget.scheduled_start = any_time(in);
  return op;
}

accounts::secret_record any_record(supply& in) {
  accounts::secret_record record;
  record.operation_id = any_operation_id(in);
  record.revision = static_cast<std::int64_t>(in.below(5));
  record.account_id = any_account_id(in);
  record.renew = any_of<std::string>(in, {"", "a", "b"});
  record.issued_at = any_time(in);
  record.expires_at = any_time(in);
  record.fingerprint = in.flag() ? "" : fingerprint_of(*any_token(in));
  record.cause = "InitialIssue";
  if (in.rarely(4)) record.previous_account_id = any_account_id(in);
  if (in.rarely(4)) record.previous_until = any_time(in);
  return record;
}

std::string any_account_id(supply& in) {
  return any_of<std::string>(in, {"acc-1", "acc-2", "", "acc-3"});
}
std::string any_uid(supply& in) {
  return any_of<std::string>(in, {"uid-1", "uid-1", "uid-0", "uid-9"});
}
std::string any_operation_id(supply& in) {
  return any_of<std::string>(in, {"op-1", "op-2", "op-3", ""});
}
std::optional<time_point> any_time(supply& in) {
  const auto steps = static_cast<int>(in.byte()) - 128;
  if (steps == -128) return std::nullopt;
  return world_begin + std::chrono::minutes(steps * 10);
}
token_handle any_token(supply& in) {
  return std::make_shared<const secret_string>(std::string(token_prefix) + std::to_string(in.below(4)));
}
std::string fingerprint_of(const secret_string& token) {
  const std::string_view text = token.reveal();
  // One of any_token's, or what a template or a registry's login made of it.
  if (text.starts_with(token_prefix) && text.size() == token_prefix.size() + 1)
    return "sha256:00000000000" + std::string(text.substr(token_prefix.size()));
  return "sha256:f" + std::to_string(std::hash<std::string_view>{}(text)).substr(0, 11);
}

account any_account(supply& in) {
  account some;
  some.id = any_of<std::string>(in, {"acc-1", "acc-2", "acc-3"});
  some.name = any_of<std::string>(in, {"api", "api", "other"});
  some.organization_id = "org-1";
  some.project_id = any_of<std::string>(in, {"", "prj-1"});
  some.description = in.flag() ? "for tests" : "";
  if (!in.rarely(4))
    some.description = with_marker(
        some.description, {any_of<std::string>(in, {"cluster-1", "cluster-1", "cluster-2"}), "team-a",
                           any_of<std::string>(in, {"api", "api", "other"}), any_uid(in)});
  if (in.flag()) some.roles = {"read"};
  some.expires_at = any_time(in);
  some.created_at = any_time(in).value_or(world_begin);
  return some;
}

namespace {

object_meta any_secret_meta(supply& in, const std::string& name) {
  object_meta meta;
  meta.name = name;
  meta.ns = "team-a";
  if (!in.rarely(4)) meta.owners = {any_owner(in)};
  if (!in.rarely(4)) meta.labels[std::string(names::managed_by_label)] = names::managed_by_value;
  if (in.flag())
    for (const auto& [key, value] : accounts::record_annotations(any_record(in)))
      if (value) meta.annotations[key] = *value;
  if (in.rarely(8)) meta.annotations[std::string(names::take_over_annotation)] = "api";
  if (in.rarely(4))
    meta.annotations[std::string(names::secret_applied)] = "label:tier,data:env,annotation:note";
  return meta;
}

}  // namespace

secret_content any_secret_content(supply& in, const std::string& name) {
  secret_content content;
  content.meta = any_secret_meta(in, name);
  content.type = any_of<std::string>(in, {"Opaque", "Opaque", "kubernetes.io/dockerconfigjson"});
  content.immutable = in.rarely(8);
  for (const char* const key : {"token", "password", "previous", "env"}) {
    if (!in.flag()) continue;
    const token_handle value = any_token(in);
    content.data[key] = {value, fingerprint_of(*value)};
  }
  return content;
}

}  // namespace platformer::fuzz
