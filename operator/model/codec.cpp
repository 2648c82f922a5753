#include "model/codec.hpp"

#include <algorithm>

#include "model/json_read.hpp"
#include "model/names.hpp"

namespace platformer {
namespace {

using nlohmann::json;

// Notes the first field that can't be understood; later ones are noise until it is corrected.
void complain(std::string& spec_error, std::string text) {
  if (spec_error.empty()) spec_error = std::move(text);
}

string_set read_set(const json& object, const char* key) {
  string_set values;
  for (auto& each : read_strings(object, key))
    values.insert(std::move(each));
  return values;
}

access read_access(const json& object) {
  return {read_set(object, "permissions"), read_set(object, "customRoles")};
}

std::optional<time_point> read_time(const json& object, const char* key) {
  return parse_rfc3339(read_string(object, key));
}

token_spec decode_token_spec(const json& spec, std::string& spec_error) {
  token_spec token;
  const json* json_token = read_object(spec, "token");
  if (json_token == nullptr) return token;
  if (const std::string text = read_string(*json_token, "expiresAt"); !text.empty()) {
    token.expires_at = parse_rfc3339(text);
    if (!token.expires_at) complain(spec_error, "spec.token.expiresAt is not an RFC 3339 date: " + text);
  }
  if (const std::string text = read_string(*json_token, "lifetime"); !text.empty()) {
    token.lifetime = parse_duration(text);
    if (!token.lifetime) complain(spec_error, "spec.token.lifetime is not a duration: " + text);
  }
  return token;
}

std::vector<condition> decode_conditions(const json& status) {
  std::vector<condition> conditions;
  const json* array = read_array(status, "conditions");
  if (array == nullptr) return conditions;
  for (const json& each : *array) {
    condition decoded;
    decoded.type = read_string(each, "type");
    decoded.status = read_string(each, "status") == "True";
    decoded.reason = read_string(each, "reason");
    decoded.message = read_string(each, "message");
    decoded.observed_generation = read_integer(each, "observedGeneration");
    decoded.last_transition = read_time(each, "lastTransitionTime").value_or(time_point{});
    conditions.push_back(std::move(decoded));
  }
  return conditions;
}

service_account_spec decode_spec(const json& spec, const object_meta& meta, std::string& spec_error) {
  service_account_spec decoded;
  if (const json* ref = read_object(spec, "connectionRef")) {
    decoded.connection = read_string(*ref, "name", "default");
    const std::string kind = read_string(*ref, "kind", std::string(names::console_connection_kind));
    if (kind != names::console_connection_kind)
      complain(spec_error, "spec.connectionRef.kind is not supported: " + kind);
  }
  decoded.account_name = read_string(spec, "accountName", meta.name);
  decoded.description = read_string(spec, "description");
  decoded.project = read_string(spec, "project");
  decoded.own = read_access(spec);
  if (const json* list = read_array(spec, "projectAccess"))
    for (const json& each : *list)
      decoded.project_access[read_string(each, "project")] = read_access(each);
  decoded.token = decode_token_spec(spec, spec_error);
  decoded.secret.name = meta.name + "-token";
  if (const json* secret = read_object(spec, "secret")) {
    decoded.secret.name = read_string(*secret, "name", decoded.secret.name);
    decoded.secret.key = read_string(*secret, "key", "token");
    decoded.secret.labels = read_string_map(*secret, "labels");
    decoded.secret.annotations = read_string_map(*secret, "annotations");
  }
  const std::string adoption = read_string(spec, "adoptionPolicy", "IfMarked");
  decoded.adoption = adoption == "Never" ? adoption_policy::never : adoption_policy::if_marked;
  if (adoption != "Never" && adoption != "IfMarked")
    complain(spec_error, "spec.adoptionPolicy is not supported: " + adoption);
  const std::string deletion = read_string(spec, "deletionPolicy", "Delete");
  // An unknown policy must not delete anything.
  decoded.deletion = deletion == "Delete" ? deletion_policy::remove : deletion_policy::orphan;
  if (deletion != "Delete" && deletion != "Orphan")
    complain(spec_error, "spec.deletionPolicy is not supported: " + deletion);
  decoded.suspend = read_bool(spec, "suspend");
  return decoded;
}

service_account_status decode_status(const json& status) {
  service_account_status decoded;
  decoded.observed_generation = read_integer(status, "observedGeneration");
  decoded.account_id = read_string(status, "accountID");
  decoded.organization_id = read_string(status, "organizationID");
  decoded.project_id = read_string(status, "projectID");
  decoded.secret_name = read_string(status, "secretName");
  if (const json* token = read_object(status, "token")) {
    // Bounded, so that counting on from a forged one can't overflow.
    static constexpr std::int64_t revision_limit = 2'000'000'000'000;
    decoded.token = {
        .revision = std::clamp<std::int64_t>(read_integer(*token, "revision"), 0, revision_limit),
        .operation_id = read_string(*token, "operationID"),
        .fingerprint = read_string(*token, "fingerprint"),
        .issued_at = read_time(*token, "issuedAt"),
        .expires_at = read_time(*token, "expiresAt"),
        .renew_at = read_time(*token, "renewAt"),
        .cause = read_string(*token, "cause")};
  }
  decoded.last_handled_renew = read_string(status, "lastHandledRenew");
  decoded.last_handled_reconcile = read_string(status, "lastHandledReconcileAt");
  decoded.failures = read_integer(status, "failures");
  decoded.conditions = decode_conditions(status);
  return decoded;
}

secret_key_ref read_key_ref(const json& ref, const char* default_key) {
  return {read_string(ref, "name"), read_string(ref, "key", default_key)};
}

const json& member_or_empty(const json& object, const char* key) {
  static const json empty = json::object();
  const json* member = read_object(object, key);
  return member == nullptr ? empty : *member;
}

}  // namespace

result<object_meta> decode_meta(const json& object) {
  const json* metadata = read_object(object, "metadata");
  if (metadata == nullptr) return fail("not a Kubernetes object: it has no metadata");
  object_meta meta;
  meta.name = read_string(*metadata, "name");
  meta.ns = read_string(*metadata, "namespace");
  meta.uid = read_string(*metadata, "uid");
  meta.resource_version = read_string(*metadata, "resourceVersion");
  if (meta.name.empty() || meta.resource_version.empty())
    return fail("not a Kubernetes object: metadata.name or metadata.resourceVersion is missing");
  meta.generation = read_integer(*metadata, "generation");
  meta.created = read_time(*metadata, "creationTimestamp").value_or(time_point{});
  meta.deleted = read_time(*metadata, "deletionTimestamp");
  meta.labels = read_string_map(*metadata, "labels");
  meta.annotations = read_string_map(*metadata, "annotations");
  meta.finalizers = read_strings(*metadata, "finalizers");
  if (const json* owners = read_array(*metadata, "ownerReferences"))
    for (const json& each : *owners)
      meta.owners.push_back({read_string(each, "apiVersion"), read_string(each, "kind"),
                             read_string(each, "name"), read_string(each, "uid"),
                             read_bool(each, "controller"), read_bool(each, "blockOwnerDeletion")});
  return meta;
}

result<service_account> decode_service_account(const json& object) {
  auto meta = decode_meta(object);
  if (!meta) return tl::unexpected(meta.error());
  service_account decoded;
  decoded.meta = std::move(*meta);
  decoded.spec = decode_spec(member_or_empty(object, "spec"), decoded.meta, decoded.spec_error);
  decoded.status = decode_status(member_or_empty(object, "status"));
  return decoded;
}

result<console_connection> decode_console_connection(const json& object) {
  auto meta = decode_meta(object);
  if (!meta) return tl::unexpected(meta.error());
  console_connection decoded;
  decoded.meta = std::move(*meta);
  const json& spec = member_or_empty(object, "spec");
  decoded.spec.gateway = read_string(spec, "gateway", decoded.spec.gateway);
  decoded.spec.allow_insecure_http = read_bool(spec, "allowInsecureHTTP");
  decoded.spec.organization = read_string(spec, "organization");
  decoded.spec.credentials = read_key_ref(member_or_empty(spec, "credentialsSecretRef"), "token");
  if (const json* ca = read_object(spec, "caBundleSecretRef"))
    decoded.spec.ca_bundle = read_key_ref(*ca, "ca.crt");
  if (const std::string text = read_string(spec, "timeout"); !text.empty()) {
    const auto timeout = parse_duration(text);
    if (timeout && *timeout >= std::chrono::seconds(1) && *timeout <= std::chrono::minutes(5))
      decoded.spec.timeout = *timeout;
    else
      complain(decoded.spec_error, "spec.timeout is not a duration between 1s and 5m: " + text);
  }
  if (const json* routes = read_object(spec, "routes"))
    for (const auto& [operation, route] : routes->items())
      decoded.spec.routes[operation] = {read_string(route, "method"), read_string(route, "path")};
  const json& status = member_or_empty(object, "status");
  decoded.status.observed_generation = read_integer(status, "observedGeneration");
  decoded.status.organization_id = read_string(status, "organizationID");
  if (const json* valid = read_member(status, "tokenValid"); valid != nullptr && valid->is_boolean())
    decoded.status.token_valid = valid->get<bool>();
  decoded.status.conditions = decode_conditions(status);
  return decoded;
}

}  // namespace platformer
