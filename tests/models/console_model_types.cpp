#include "tests/models/console_model_types.hpp"

#include <algorithm>

#include "model/http_status.hpp"

namespace platformer::models {

const project* organization::find_project(std::string_view project_id) const {
  const auto found = std::ranges::find(projects, project_id, &project::id);
  return found == projects.end() ? nullptr : &*found;
}

const organization* console_directory::find(std::string_view organization_id) const {
  const auto found = std::ranges::find(organizations, organization_id, &organization::id);
  return found == organizations.end() ? nullptr : &*found;
}

api_error to_api_error(const refusal& why) {
  const api_errc code = why.status == 409 ? api_errc::already_exists : code_of_http_status(why.status);
  return api_error{.code = code, .http_status = why.status, .message = why.message, .retry_after = {}};
}

}  // namespace platformer::models
