// Which method and path each Console operation has. Part of the Console's API is inferred, so routes are
// data: the defaults are one table, and a ConsoleConnection may replace any of them (spec.routes).
//
//   auto routes = route_table::make(connection.spec.routes);   // fails with what to correct
//   auto path = expand(routes->at(call::get_account).path, {.id = "a1"});   //
//   "/auth/api/v1/serviceaccount/a1"
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/console_connection.hpp"

namespace platformer::console {

// One operation of openapi.yaml.
enum class call : std::uint8_t {
  validate_token,           // is the token in Authorization live?
  list_organizations,       // that the credential can see
  list_projects,            // of the organization
  list_organization_roles,  // custom roles at organization level
  list_project_roles,       // custom roles of one project
  create_account,           // mints: replies with a token
  list_accounts,            // one page
  get_account,              // one account, without its token
  update_account,           // partial change
  renew_token,              // mints: replies with a token, the previous one is dead
  delete_account,           // account and token
};

struct default_route {
  call operation;
  std::string_view operation_id;  // openapi.yaml's operationId, and the key in spec.routes
  std::string_view method;
  std::string_view path;  // relative to the gateway; {organization}, {project} and {id} stand for IDs
  std::string_view allowed_methods;  // that an override may choose, separated by blanks
  bool needs_id;                     // the path can't do without {id}
};

// What all default paths start with: the Console's module and API version.
inline constexpr std::string_view api_base = "/auth/api/v1";

inline constexpr std::string_view reading = "GET POST";  // a read must not become a DELETE by a slip
inline constexpr std::string_view writing = "POST PUT PATCH";

// In the order of `call`.
inline constexpr std::array default_routes = {
    default_route{call::validate_token, "validateToken", "PUT", "/auth/api/v1/user/logintime", "GET POST PUT",
                  false},
    default_route{call::list_organizations, "listOrganizations", "GET", "/auth/api/v1/organization/list",
                  reading, false},
    default_route{call::list_projects, "listProjects", "GET",
                  "/auth/api/v1/organization/project/view/list/{organization}", reading, false},
    default_route{call::list_organization_roles, "listOrganizationRoles", "GET",
                  "/auth/api/v1/customroles/organization/list/{organization}", reading, false},
    default_route{call::list_project_roles, "listProjectRoles", "GET",
                  "/auth/api/v1/customroles/project/list/{organization}/{project}", reading, false},
    default_route{call::create_account, "createServiceAccount", "POST",
                  "/auth/api/v1/serviceaccount/token/create", writing, false},
    default_route{call::list_accounts, "listServiceAccounts", "GET", "/auth/api/v1/serviceaccount/list",
                  reading, false},
    default_route{call::get_account, "getServiceAccount", "GET", "/auth/api/v1/serviceaccount/{id}", reading,
                  true},
    default_route{call::update_account, "updateServiceAccount", "PUT", "/auth/api/v1/serviceaccount/{id}",
                  writing, true},
    default_route{call::renew_token, "renewServiceAccountToken", "PUT",
                  "/auth/api/v1/serviceaccount/{id}/token/renew", writing, true},
    default_route{call::delete_account, "deleteServiceAccount", "DELETE", "/auth/api/v1/serviceaccount/{id}",
                  "DELETE POST PUT", true},
};

std::string_view operation_id(call operation);

struct route {
  std::string method;
  std::string path;
  bool operator==(const route&) const = default;
};

class route_table {
 public:
  // The defaults.
  route_table();
  // The defaults with these overrides, by operationId. The error names the field
  // ("spec.routes.getServiceAccount.path must start with '/'"); the overrides' own text in it is cleaned.
  static result<route_table> make(const std::map<std::string, route_override, std::less<>>& overrides);

  const route& at(call operation) const { return routes_[static_cast<std::size_t>(operation)]; }

 private:
  std::array<route, default_routes.size()> routes_;
};

// What the placeholders stand for. Empty: not known in this call.
struct route_values {
  std::string_view organization = {};
  std::string_view project = {};
  std::string_view id = {};
};

// The path with its placeholders filled in and percent-encoded, so that no value can add a segment, a query
// or a header. Fails when a value is missing or would turn a segment into "." or "..".
result<std::string> expand(std::string_view path_template, const route_values& values);

}  // namespace platformer::console
