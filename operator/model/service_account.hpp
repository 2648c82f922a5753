// The ServiceAccount custom resource (crds/, docs/reference.md).
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/condition.hpp"
#include "model/object_meta.hpp"

namespace platformer {

using string_set = std::set<std::string, std::less<>>;

// What an account may do at one level: permission codes and custom roles (names or IDs).
struct access {
  string_set permissions;
  string_set custom_roles;
  bool operator==(const access&) const = default;
  bool empty() const { return permissions.empty() && custom_roles.empty(); }
};

struct token_spec {
  std::optional<time_point> expires_at;  // a fixed end
  std::optional<duration> lifetime;      // rolling: every issuance expires this much later
  bool operator==(const token_spec&) const = default;
};

struct secret_spec {
  std::string name;  // never empty after decoding: <metadata.name>-token by default
  std::string key = "token";
  string_map labels;
  string_map annotations;
  bool operator==(const secret_spec&) const = default;
};

enum class adoption_policy : std::uint8_t {
  never,      // only what bears our own UID
  if_marked,  // also what this object's predecessor left (default)
};

enum class deletion_policy : std::uint8_t {
  remove,  // "Delete": the account goes with the object (default)
  orphan,  // account and Secret outlive the object
};

struct service_account_spec {
  std::string connection = "default";  // connectionRef.name; kind ConsoleConnection, same namespace
  std::string account_name;            // never empty after decoding: metadata.name by default
  std::string description;             // without the marker
  std::string project;                 // name or ID; empty: organization-level account
  access own;                          // at the account's own level
  std::map<std::string, access, std::less<>>
      project_access;  // organization-level only; by project name or ID
  token_spec token;
  secret_spec secret;
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
  std::int64_t failures = 0;  // consecutive failed attempts, 0 when Ready
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

}  // namespace platformer
