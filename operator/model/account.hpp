// A service account as the Console knows it (console/openapi.yaml, schema Account). Never holds a token.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/service_account.hpp"

namespace platformer {

struct account {
  std::string id;
  std::string name;
  std::string description;  // with marker
  std::string organization_id;
  std::string project_id;  // empty: organization level
  string_set roles;        // permission codes and custom-role IDs, at the account's own level
  std::map<std::string, string_set, std::less<>> projects;  // by project ID: roles there
  std::optional<time_point> expires_at;
  time_point created_at{};
  bool operator==(const account&) const = default;
};

// What create and change send; for change, absent fields stay as they are.
struct account_fields {
  std::optional<std::string> name;  // create only
  std::optional<std::string> description;
  std::optional<string_set> roles;
  std::optional<std::map<std::string, string_set, std::less<>>> projects;
  std::optional<std::optional<time_point>> expires_at;  // inner nullopt: never expires
  bool operator==(const account_fields&) const = default;
};

}  // namespace platformer
