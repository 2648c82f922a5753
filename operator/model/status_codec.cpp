#include "model/codec.hpp"

namespace platformer {
namespace {

using nlohmann::json;

void put(json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

void put(json& object, const char* key, std::optional<time_point> at) {
  if (at) object[key] = format_rfc3339(*at);
}

json encode_conditions(const std::vector<condition>& conditions) {
  json array = json::array();
  for (const condition& each : conditions)
    array.push_back({{"type", each.type},
                     {"status", each.status ? "True" : "False"},
                     {"reason", each.reason},
                     {"message", each.message},
                     {"observedGeneration", each.observed_generation},
                     {"lastTransitionTime", format_rfc3339(each.last_transition)}});
  return array;
}

}  // namespace

json encode_owners(const std::vector<owner_reference>& owners) {
  json array = json::array();
  for (const owner_reference& each : owners) {
    json ref{{"apiVersion", each.api_version}, {"kind", each.kind}, {"name", each.name}, {"uid", each.uid}};
    if (each.controller) ref["controller"] = true;
    if (each.block_owner_deletion) ref["blockOwnerDeletion"] = true;
    array.push_back(std::move(ref));
  }
  return array;
}

json encode_status(const service_account_status& status) {
  json object = json::object();
  object["observedGeneration"] = status.observed_generation;
  put(object, "accountID", status.account_id);
  put(object, "organizationID", status.organization_id);
  put(object, "projectID", status.project_id);
  put(object, "secretName", status.secret_name);
  if (status.token.revision != 0) {
    json token{{"revision", status.token.revision}};
    put(token, "operationID", status.token.operation_id);
    put(token, "fingerprint", status.token.fingerprint);
    put(token, "issuedAt", status.token.issued_at);
    put(token, "expiresAt", status.token.expires_at);
    put(token, "renewAt", status.token.renew_at);
    put(token, "cause", status.token.cause);
    put(token, "secretResourceVersion", status.token.secret_version);
    object["token"] = std::move(token);
  }
  put(object, "lastHandledRenew", status.last_handled_renew);
  put(object, "lastHandledReconcileAt", status.last_handled_reconcile);
  if (status.restarted_revision != 0) object["restartedRevision"] = status.restarted_revision;
  object["failures"] = status.failures;
  object["conditions"] = encode_conditions(status.conditions);
  return object;
}

json encode_status(const console_connection_status& status) {
  json object = json::object();
  object["observedGeneration"] = status.observed_generation;
  put(object, "organizationID", status.organization_id);
  if (status.token_valid) object["tokenValid"] = *status.token_valid;
  if (status.service_accounts) object["serviceAccounts"] = *status.service_accounts;
  if (!status.orphans.empty()) object["orphans"] = status.orphans;
  put(object, "throttledUntil", status.throttled_until);
  if (status.credential) {
    json made = json::object();
    put(made, "operationID", status.credential->operation_id);
    put(made, "accountID", status.credential->account_id);
    put(made, "issuedAt", status.credential->issued_at);
    put(made, "expiresAt", status.credential->expires_at);
    put(made, "replaceAt", status.credential->replace_at);
    put(made, "leftAccount", status.credential->left_account);
    object["credential"] = std::move(made);
  }
  object["conditions"] = encode_conditions(status.conditions);
  return object;
}

json merge_difference(const json& from, const json& to) {
  json patch = json::object();
  for (const auto& [key, value] : to.items()) {
    const auto old = from.find(key);
    if (old != from.end() && value.is_object() && old->is_object()) {
      json inner = merge_difference(*old, value);
      if (!inner.empty()) patch[key] = std::move(inner);
    } else if (old == from.end() || *old != value) {
      patch[key] = value;
    }
  }
  for (const auto& [key, value] : from.items())
    if (!to.contains(key)) patch[key] = nullptr;
  return patch;
}

}  // namespace platformer
