// What exists in the Console before the first call: organizations, projects and custom roles, from a YAML
// file.
//
//   duplicateNames: allow            # or refuse; optional
//   routes:                          # optional: serve an operation elsewhere, by operationId
//     getServiceAccount: {method: GET, path: "/v2/accounts/{id}"}
//   organizations:
//   - id: org-acme
//     name: acme
//     roles: [{id: role-deployers, name: deployers, permissions: [rudder.app.editor]}]
//     projects:
//     - {id: prj-storefront, name: storefront, description: the shop, roles: [...]}
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "tests/console_emulator/gateway_routes.hpp"
#include "tests/models/console_model.hpp"

namespace platformer::emulator {

struct seed {
  models::console_directory directory;
  models::duplicate_names duplicates = models::duplicate_names::allow;
  std::vector<gateway_route> routes = default_gateway_routes();
};

// Organization acme with the projects storefront and billing and the custom roles deployers (organization)
// and releasers (storefront).
seed default_seed();

// The message names the file and what is wrong where. At least one organization; IDs are unique and
// well-formed.
result<seed> load_seed(const std::filesystem::path& file);
result<seed> parse_seed(const std::string& yaml);

}  // namespace platformer::emulator
