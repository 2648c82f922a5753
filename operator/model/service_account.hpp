// The ServiceAccount custom resource (crds/, docs/reference.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/condition.hpp"
#include "model/object_meta.hpp"
#include "model/secret_spec.hpp"

namespace platformer {

// What an account may do at one level: permission codes and custom roles (names or IDs).
struct access {
  string_set permissions;
  string_set custom_roles;
  bool operator==(const access&) const = default;
  bool empty() const { return permissions.empty() && custom_roles.empty(); }
};

enum class token_strategy : std::uint8_t {
  in_place,  // "InPlace": the account stays, its old token dies at once (default)
  replace,   // "Replace": a new account; the old one lives on for `overlap`
};

struct token_spec {
  std::optional<time_point> expires_at;       // a fixed end
  std::optional<duration> lifetime;           // rolling: every issuance expires this much later
  std::optional<duration> renew_before;       // only with lifetime, shorter than it; nullopt: a third of it
  std::optional<duration> rotation_interval;  // renewed this often although nothing expires; nullopt: never
  duration verify_interval{0};                // how often the stored token is tried at the Console; 0: never
  token_strategy strategy = token_strategy::in_place;
  duration overlap = std::chrono::hours(1);  // only with token_strategy::replace
  bool operator==(const token_spec&) const = default;
};

enum class adoption_policy : std::uint8_t {
  never,      // only what bears our own UID
  if_marked,  // also what this object's predecessor left (default)
  always,     // also an account of that name without our marker, where the connection's `adoptable` allows it
};

enum class deletion_policy : std::uint8_t {
  remove,  // "Delete": the account goes with the object (default)
  orphan,  // account and Secret outlive the object
};

// What spec.rolloutRestartTargets may name. `rollout` is Argo's, in group argoproj.io.
enum class workload_kind : std::uint8_t { deployment, stateful_set, daemon_set, rollout };

// A workload of the object's namespace whose pods are replaced after the Secret has a new token.
struct restart_target {
  workload_kind kind = workload_kind::deployment;
  std::string name;
  auto operator<=>(const restart_target&) const = default;
};

// The kind as Kubernetes spells it, "Deployment".
std::string_view to_string(workload_kind kind);

enum class connection_kind : std::uint8_t {
  namespaced,  // ConsoleConnection, in the object's namespace (default)
  cluster,     // ClusterConsoleConnection
};

// The kind as Kubernetes spells it, "ConsoleConnection" or "ClusterConsoleConnection".
std::string_view to_string(connection_kind kind);

struct service_account_spec {
  std::string connection = "default";  // connectionRef.name
  connection_kind connected_by = connection_kind::namespaced;
  std::string account_name;  // never empty after decoding: metadata.name by default
  std::string description;   // without the marker
  std::string project;       // name or ID; empty: organization-level account
  access own;                // at the account's own level
  std::map<std::string, access, std::less<>>
      project_access;  // organization-level only; by project name or ID
  token_spec token;
  secret_spec secret;
  std::vector<restart_target> restart_targets;  // rolloutRestartTargets, sorted, each once
  adoption_policy adoption = adoption_policy::if_marked;
  deletion_policy deletion = deletion_policy::remove;
  bool suspend = false;
  bool operator==(const service_account_spec&) const = default;
};

struct token_status {
  std::int64_t revision = 0;  // 0: never issued
  std::string operation_id;
  std::string fingerprint;  // "sha256:" and 12 hex digits
  std::optional<time_point> issued_at;
  std::optional<time_point> expires_at;  // as the Console granted it
  std::optional<time_point> renew_at;    // when the operator renews by itself
  std::string cause;
  std::string secret_version;  // the Secret's resourceVersion at which the token was last seen in it
  bool operator==(const token_status&) const = default;
};

struct service_account_status {
  std::int64_t observed_generation = 0;
  std::string account_id;
  std::string organization_id;
  std::string project_id;
  std::string secret_name;
  token_status token;
  std::string last_handled_renew;
  std::string last_handled_reconcile;
  std::int64_t restarted_revision = 0;  // the last one that the workloads were restarted for
  std::int64_t failures = 0;            // consecutive failed attempts, 0 when Ready
  std::vector<condition> conditions;
  bool operator==(const service_account_status&) const = default;
};

struct service_account {
  object_meta meta;
  service_account_spec spec;
  service_account_status status;
  std::string
      spec_error;  // why the stored spec could not be decoded (spec then holds defaults); usually empty
};

// The connection that an object refers to: without a namespace when it is a ClusterConsoleConnection.
object_key connection_key(const service_account& object);

// For messages: "ConsoleConnection team-a/default" or "ClusterConsoleConnection default".
std::string connection_title(const service_account& object);

}  // namespace platformer
