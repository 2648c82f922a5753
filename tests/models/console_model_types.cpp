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

api_error to_api_error(const refusal& why, bool of_create) {
  api_errc code = code_of_http_status(why.status);
  if (why.status == 408 || why.status == 425) code = api_errc::unreachable;  // it was not read, or not yet
  if (why.status == 409 && of_create) code = api_errc::already_exists;
  if (why.status == 410) code = api_errc::not_found;
  return api_error{.code = code, .http_status = why.status, .message = why.message, .retry_after = {}};
}

}  // namespace platformer::models
