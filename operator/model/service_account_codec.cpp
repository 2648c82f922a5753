// ServiceAccount from JSON.
#include <algorithm>

#include "model/codec.hpp"
#include "model/codec_read.hpp"
#include "model/names.hpp"

namespace platformer {
namespace {

using namespace codec_read;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr duration century = 876000h;
constexpr duration_limits lifetime_limits{"spec.token.lifetime", 10min, century,
                                          "between 10m and 876000h (100 years)"};
constexpr duration_limits renew_before_limits{"spec.token.renewBefore", 1min, century,
                                              "between 1m and 876000h (100 years)"};
constexpr duration_limits rotation_limits{"spec.token.rotationInterval", 5min, century,
                                          "between 5m and 876000h (100 years)"};
constexpr duration_limits overlap_limits{"spec.token.overlap", 0s, 720h, "at most 720h (30 days)"};
// An absent verifyInterval means this; 0s means never.
constexpr duration default_verify_interval = 24h;
constexpr duration_limits verify_limits{"spec.token.verifyInterval", 0s, century,
                                        "0s (never), or between 1m and 876000h (100 years)"};
constexpr duration shortest_verify_interval = 1min;

constexpr choice<token_strategy> strategies[] = {{"InPlace", token_strategy::in_place},
                                                 {"Replace", token_strategy::replace}};
constexpr choice<secret_type> secret_types[] = {
    {"Opaque", secret_type::opaque},
    {"kubernetes.io/dockerconfigjson", secret_type::docker_config},
    {"kubernetes.io/basic-auth", secret_type::basic_auth}};
constexpr choice<loss_policy> loss_policies[] = {{"Renew", loss_policy::renew},
                                                 {"Manual", loss_policy::manual}};
constexpr choice<connection_kind> connection_kinds[] = {
    {"ConsoleConnection", connection_kind::namespaced},
    {"ClusterConsoleConnection", connection_kind::cluster}};
constexpr choice<workload_kind> workload_kinds[] = {{"Deployment", workload_kind::deployment},
                                                    {"StatefulSet", workload_kind::stateful_set},
                                                    {"DaemonSet", workload_kind::daemon_set},
                                                    {"Rollout", workload_kind::rollout}};
constexpr choice<adoption_policy> adoption_policies[] = {{"Never", adoption_policy::never},
                                                         {"IfMarked", adoption_policy::if_marked},
                                                         {"Always", adoption_policy::always}};
constexpr choice<deletion_policy> deletion_policies[] = {{"Delete", deletion_policy::remove},
                                                         {"Orphan", deletion_policy::orphan}};

access decode_access(const json& object) {
  return {set_of_strings(object, "permissions"), set_of_strings(object, "customRoles")};
}

token_spec decode_token(const json& token, std::string& spec_error) {
  token_spec decoded;
  if (const std::string text = read_string(token, "expiresAt"); !text.empty()) {
    decoded.expires_at = parse_rfc3339(text);
    if (!decoded.expires_at) complain(spec_error, "spec.token.expiresAt is not an RFC 3339 date: " + text);
  }
  decoded.lifetime = duration_at(token, "lifetime", lifetime_limits, spec_error);
  decoded.renew_before = duration_at(token, "renewBefore", renew_before_limits, spec_error);
  decoded.rotation_interval = duration_at(token, "rotationInterval", rotation_limits, spec_error);
  decoded.verify_interval =
      duration_at(token, "verifyInterval", verify_limits, spec_error).value_or(default_verify_interval);
  if (decoded.verify_interval != 0s && decoded.verify_interval < shortest_verify_interval)
    complain(spec_error, "spec.token.verifyInterval must be " + std::string(verify_limits.sentence));
  decoded.strategy = choice_at(token, "strategy", "spec.token.strategy", strategies, token_strategy::in_place,
                               token_strategy::in_place, spec_error);
  decoded.overlap = duration_at(token, "overlap", overlap_limits, spec_error).value_or(decoded.overlap);
  return decoded;
}

secret_spec decode_secret_spec(const json& secret, const object_meta& meta, std::string& spec_error) {
  secret_spec decoded;
  decoded.type = choice_at(secret, "type", "spec.secret.type", secret_types, secret_type::opaque,
                           secret_type::opaque, spec_error);
  decoded.name = read_string(secret, "name", meta.name + "-token");
  const bool basic_auth = decoded.type == secret_type::basic_auth;
  decoded.key = read_string(secret, "key", basic_auth ? std::string(basic_auth_password_key) : "token");
  decoded.labels = read_string_map(secret, "labels");
  decoded.annotations = read_string_map(secret, "annotations");
  decoded.templates = read_string_map(secret, "template");
  if (const json* registry = read_object(secret, "registry"))
    decoded.registry = {read_string(*registry, "host"), read_string(*registry, "username")};
  decoded.previous_key = read_string(secret, "previousKey");
  // An unknown policy must not mint anything.
  decoded.on_loss = choice_at(secret, "onLoss", "spec.secret.onLoss", loss_policies, loss_policy::renew,
                              loss_policy::manual, spec_error);
  return decoded;
}

std::vector<restart_target> decode_restart_targets(const json& spec, std::string& spec_error) {
  std::vector<restart_target> targets;
  const json* list = read_array(spec, "rolloutRestartTargets");
  if (list == nullptr) return targets;
  for (const json& each : *list)
    targets.push_back({choice_at(each, "kind", "spec.rolloutRestartTargets[].kind", workload_kinds,
                                 workload_kind::deployment, workload_kind::deployment, spec_error),
                       read_string(each, "name")});
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

service_account_spec decode_spec(const json& spec, const object_meta& meta, std::string& spec_error) {
  service_account_spec decoded;
  if (const json* ref = read_object(spec, "connectionRef")) {
    decoded.connection = read_string(*ref, "name", "default");
    decoded.connected_by = choice_at(*ref, "kind", "spec.connectionRef.kind", connection_kinds,
                                     connection_kind::namespaced, connection_kind::namespaced, spec_error);
  }
  decoded.account_name = read_string(spec, "accountName", meta.name);
  decoded.description = read_string(spec, "description");
  decoded.project = read_string(spec, "project");
  decoded.own = decode_access(spec);
  if (const json* list = read_array(spec, "projectAccess"))
    for (const json& each : *list)
      decoded.project_access[read_string(each, "project")] = decode_access(each);
  decoded.token = decode_token(member_or_empty(spec, "token"), spec_error);
  decoded.secret = decode_secret_spec(member_or_empty(spec, "secret"), meta, spec_error);
  decoded.restart_targets = decode_restart_targets(spec, spec_error);
  decoded.adoption = choice_at(spec, "adoptionPolicy", "spec.adoptionPolicy", adoption_policies,
                               adoption_policy::if_marked, adoption_policy::never, spec_error);
  // An unknown policy must not delete anything.
  decoded.deletion = choice_at(spec, "deletionPolicy", "spec.deletionPolicy", deletion_policies,
                               deletion_policy::remove, deletion_policy::orphan, spec_error);
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
        .issued_at = time_at(*token, "issuedAt"),
        .expires_at = time_at(*token, "expiresAt"),
        .renew_at = time_at(*token, "renewAt"),
        .cause = read_string(*token, "cause"),
        .secret_version = read_string(*token, "secretResourceVersion")};
  }
  decoded.last_handled_renew = read_string(status, "lastHandledRenew");
  decoded.last_handled_reconcile = read_string(status, "lastHandledReconcileAt");
  decoded.restarted_revision = read_integer(status, "restartedRevision");
  decoded.failures = read_integer(status, "failures");
  decoded.conditions = decode_conditions(status);
  return decoded;
}

}  // namespace

result<service_account> decode_service_account(const json& object) {
  auto meta = decode_meta(object);
  if (!meta) return tl::unexpected(meta.error());
  service_account decoded;
  decoded.meta = std::move(*meta);
  decoded.spec = decode_spec(member_or_empty(object, "spec"), decoded.meta, decoded.spec_error);
  decoded.status = decode_status(member_or_empty(object, "status"));
  return decoded;
}

result<service_account> decode_cached_service_account(const json& object) {
  auto decoded = decode_service_account(object);
  if (!decoded) return decoded;
  decoded->meta.labels.clear();
  std::erase_if(decoded->meta.annotations,
                [](const auto& each) { return !each.first.starts_with(names::reserved_prefix); });
  return decoded;
}

}  // namespace platformer
