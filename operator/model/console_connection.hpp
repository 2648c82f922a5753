// ConsoleConnection and ClusterConsoleConnection: one administrator-owned gateway, organization and
// credential. Both kinds share this type; an object of the cluster's kind has no namespace.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/condition.hpp"
#include "model/namespace_selection.hpp"
#include "model/object_meta.hpp"
#include "model/pattern.hpp"

namespace platformer {

struct secret_key_ref {
  std::string name;
  std::string key;
  std::string ns = {};  // of a ClusterConsoleConnection; empty: the object's own namespace
  bool operator==(const secret_key_ref&) const = default;
};

// Replaces a Console operation's default; empty fields keep it. The path template is relative to the gateway.
struct route_override {
  std::string method;
  std::string path;
  bool operator==(const route_override&) const = default;
};

// How fast the Console may be called through one connection.
struct rate_limit_spec {
  std::int64_t requests_per_second = 5;
  std::int64_t burst = 10;
  std::int64_t concurrent = 8;  // calls under way at once
  bool operator==(const rate_limit_spec&) const = default;
};

// What ServiceAccounts may ask for at most. An empty list sets no limit.
struct access_ceiling {
  pattern_set projects;  // names or IDs
  pattern_set permissions;
  pattern_set custom_roles;  // names or IDs
  bool operator==(const access_ceiling&) const = default;
  bool empty() const { return projects.empty() && permissions.empty() && custom_roles.empty(); }
};

enum class orphan_policy : std::uint8_t {
  report,  // accounts with our marker whose object is gone are counted and listed (default)
  remove,  // "Delete": and deleted once they have been seen so for an hour
};

// The operator replaces the connection's own credential by that of a new account, this often.
struct credential_rotation {
  std::string account_name;
  duration interval = std::chrono::hours(720);
  bool operator==(const credential_rotation&) const = default;
};

struct console_connection_spec {
  std::string gateway = "https://api.platformer.com";
  bool allow_insecure_http = false;
  std::string organization;                     // name or ID
  secret_key_ref credentials;                   // key defaults to "token"
  std::optional<secret_key_ref> ca_bundle;      // key defaults to "ca.crt"
  duration timeout = std::chrono::seconds(30);  // of one Console call
  std::map<std::string, route_override, std::less<>>
      routes;                                 // by operation name (console/openapi.yaml operationId)
  std::optional<rate_limit_spec> rate_limit;  // nullopt: only what the Console itself asks for
  access_ceiling allowed;
  pattern_set adoptable;          // names of unmarked accounts that may be adopted; empty: none
  namespace_selection used_from;  // allowedNamespaces; of a ClusterConsoleConnection only
  duration interval = std::chrono::minutes(10);  // between looks for drift, at least 1 s
  bool suspend = false;                          // freezes every call
  orphan_policy orphans = orphan_policy::report;
  std::optional<credential_rotation> rotate_credentials;
  bool operator==(const console_connection_spec&) const = default;
};

inline constexpr std::size_t orphans_listed = 20;

// The last credential that the operator made by itself.
struct credential_status {
  std::string operation_id;
  std::string account_id;
  std::optional<time_point> issued_at;
  std::optional<time_point> expires_at;  // as granted; nullopt: never
  std::optional<time_point> replace_at;
  std::string left_account;  // made by hand, whose credential the first one replaced
  bool operator==(const credential_status&) const = default;
};

struct console_connection_status {
  std::int64_t observed_generation = 0;
  std::string organization_id;
  std::optional<bool> token_valid;
  std::vector<condition> conditions;
  std::optional<credential_status> credential;
  std::optional<std::int64_t> service_accounts;  // that use this connection; nullopt: not counted yet
  std::vector<std::string> orphans;              // names of accounts, the first orphans_listed of them
  std::optional<time_point> throttled_until;     // the Console asked for a pause until then
  bool operator==(const console_connection_status&) const = default;
};

struct console_connection {
  object_meta meta;
  console_connection_spec spec;
  console_connection_status status;
  std::string spec_error;  // as service_account::spec_error

  bool cluster_scoped() const { return meta.ns.empty(); }
  // Where a Secret that the spec names is found.
  object_key secret_key(const secret_key_ref& ref) const {
    return {ref.ns.empty() ? meta.ns : ref.ns, ref.name};
  }
};

// Whether a ServiceAccount in that namespace may use the connection. `labels` are the namespace's own.
bool admits_namespace(const console_connection& connection, std::string_view ns, const string_map& labels);

// For messages: "ConsoleConnection team-a/default" or "ClusterConsoleConnection default".
std::string title(const console_connection& connection);

}  // namespace platformer
