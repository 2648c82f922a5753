#include "tests/conformance/console/lost_reply.hpp"

namespace platformer::conformance {
namespace {

api_error error_of(api_errc code, int http_status = 0) {
  api_error error;
  error.code = code;
  error.http_status = http_status;
  return error;
}

// A status that a page of HTML comes with proves nothing about tokens and accounts.
api_errc of_web_page(api_errc code) {
  const bool believed =
      code == api_errc::unauthorized || code == api_errc::forbidden || code == api_errc::not_found;
  return believed ? api_errc::bad_request : code;
}

}  // namespace

bool commits(fault::kind what) {
  switch (what) {
    case fault::kind::cut_before:
    case fault::kind::hang_before:
    case fault::kind::status:
    case fault::kind::web_page:
      return false;
    case fault::kind::cut_after_commit:
    case fault::kind::cut_mid_reply:
    case fault::kind::hang_after_commit:
    case fault::kind::status_after_commit:
    case fault::kind::garbage:
      return true;
  }
  return false;
}

api_error seen_by_caller(const fault& hit, bool of_create) {
  switch (hit.what) {
    case fault::kind::cut_before:
    case fault::kind::cut_after_commit:
    case fault::kind::cut_mid_reply:
      return error_of(api_errc::connection_lost);
    case fault::kind::hang_before:
    case fault::kind::hang_after_commit:
      return error_of(api_errc::timeout);
    case fault::kind::garbage:
      return error_of(api_errc::malformed, 200);
    case fault::kind::status:
    case fault::kind::status_after_commit:
    case fault::kind::web_page:
      break;
  }
  api_error error = models::to_api_error({hit.status, ""}, of_create);
  if (hit.what == fault::kind::web_page) error.code = of_web_page(error.code);
  error.retry_after = hit.retry_after;
  return error;
}

}  // namespace platformer::conformance
