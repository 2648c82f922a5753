// Names into IDs: a spec may say either. An ID always wins over a name; a name that several bear is an error,
// as is one that nobody bears, and both say what there is. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/service_account.hpp"

namespace platformer::console {

struct organization {
  std::string id;
  std::string name;
  bool operator==(const organization&) const = default;
};

struct project {
  std::string id;
  std::string name;
  bool operator==(const project&) const = default;
};

// A custom role: a named set of permission codes.
struct role {
  std::string id;
  std::string name;
  string_set permissions;
  bool operator==(const role&) const = default;
};

// The ID of what `wanted` names. Errors are fit for status, such as
// `project "shop" does not exist or is not visible; there are "store", "billing" and 4 more`.
result<std::string> find_organization(const std::vector<organization>& among, std::string_view wanted);
result<std::string> find_project(const std::vector<project>& among, std::string_view wanted);
result<std::string> find_role(const std::vector<role>& among, std::string_view wanted);

// The IDs of all of `wanted`; the error is the first one's.
result<string_set> find_roles(const std::vector<role>& among, const string_set& wanted);

}  // namespace platformer::console
