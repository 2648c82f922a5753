#include "model/http_status.hpp"

namespace platformer {

api_errc code_of_http_status(int status) {
  switch (status) {
    case 401:
      return api_errc::unauthorized;
    case 403:
      return api_errc::forbidden;
    case 404:
      return api_errc::not_found;
    case 409:
      return api_errc::conflict;
    case 410:
      return api_errc::gone;
    case 413:
      return api_errc::too_large;
    case 422:
      return api_errc::invalid;
    case 429:
      return api_errc::rate_limited;
    default:
      break;
  }
  if (status >= 300 && status < 400) return api_errc::redirected;
  if (status >= 400 && status < 500) return api_errc::bad_request;
  if (status >= 500 && status < 600) return api_errc::server_error;
  return api_errc::malformed;
}

}  // namespace platformer
