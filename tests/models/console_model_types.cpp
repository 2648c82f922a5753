#include "tests/models/console_model_types.hpp"

#include <algorithm>

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
  const auto code = [&] {
    switch (why.status) {
      case 401:
        return api_errc::unauthorized;
      case 403:
        return api_errc::forbidden;
      case 404:
        return api_errc::not_found;
      case 409:
        return api_errc::already_exists;
      case 413:
        return api_errc::too_large;
      case 422:
        return api_errc::invalid;
      case 429:
        return api_errc::rate_limited;
      default:
        return why.status >= 500 ? api_errc::server_error : api_errc::bad_request;
    }
  }();
  return api_error{.code = code, .http_status = why.status, .message = why.message, .retry_after = {}};
}

}  // namespace platformer::models
