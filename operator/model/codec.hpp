// JSON <-> types. Decoding never throws and never fails for what the apiserver could have stored: a spec that
// can't be understood yields defaults and spec_error, so that the object gets a condition instead of being
// ignored.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "model/console_connection.hpp"
#include "model/object_meta.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"

namespace platformer {

// Fails only when metadata.name or metadata.resourceVersion is missing: then it is not a Kubernetes object.
result<object_meta> decode_meta(const nlohmann::json& object);
result<service_account> decode_service_account(const nlohmann::json& object);
// For caches: without labels, and with annotations of our group only. What others put there is of no use to
// us and may be a megabyte an object.
result<service_account> decode_cached_service_account(const nlohmann::json& object);
// Of either kind: an object without namespace is a ClusterConsoleConnection.
result<console_connection> decode_console_connection(const nlohmann::json& object);

nlohmann::json encode_owners(const std::vector<owner_reference>& owners);

// `status` as the CRD has it; empty fields are left out.
nlohmann::json encode_status(const service_account_status& status);
nlohmann::json encode_status(const console_connection_status& status);

// The JSON merge patch (RFC 7396) that turns `from` into `to`; an empty object when they are equal. Arrays
// are replaced as a whole.
nlohmann::json merge_difference(const nlohmann::json& from, const nlohmann::json& to);

}  // namespace platformer
