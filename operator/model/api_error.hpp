// api_error: the one closed vocabulary for "a server did not do what we asked", for Kubernetes and the
// Console alike. Each code says when it is used; retry_of says what may be done about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace platformer {

enum class api_errc : std::uint8_t {
  // Refused by the server: nothing was changed.
  bad_request,     // 400 and other 4xx without a code of their own
  unauthorized,    // 401: the credential is not known (any more)
  forbidden,       // 403: known, but not allowed; also a quota or an admission refusal
  not_found,       // 404
  already_exists,  // 409 on create: the name is taken
  conflict,        // 409: a resourceVersion or uid precondition failed, our view was stale
  gone,            // 410: the watch's or list's version is compacted away
  too_large,       // 413, or the request is beyond a limit of ours
  invalid,         // 422: the object does not pass validation
  rate_limited,    // 429
  // The request was not sent, or is sure not to have been carried out.
  unreachable,  // no connection: DNS, TCP, TLS or proxy failed before a byte of the request went out
  cancelled,    // we are shutting down and did not send it
  redirected,   // 3xx: never followed, a credential goes to one host only
  // May have been carried out.
  server_error,     // 5xx
  connection_lost,  // the connection broke after sending began
  timeout,          // no (whole) reply within the deadline
  malformed,        // a success status, but a body that can't be understood or is beyond our limits
};

enum class retry_class : std::uint8_t {
  after_change,  // the same request fails again until somebody changes something
  reread,        // read the world again and decide anew, at once
  backoff,       // the same request may succeed later
  in_doubt,      // find out whether it was carried out before trying again
};

struct api_error {
  api_errc code = api_errc::bad_request;
  int http_status = 0;                  // 0: no reply
  std::string message;                  // cleaned and shortened for status; never a request or reply body
  std::optional<duration> retry_after;  // from Retry-After, bounded
};

constexpr retry_class retry_of(api_errc code) {
  switch (code) {
    case api_errc::bad_request:
    case api_errc::forbidden:
    case api_errc::too_large:
    case api_errc::invalid:
    case api_errc::redirected:
      return retry_class::after_change;
    case api_errc::not_found:
    case api_errc::already_exists:
    case api_errc::conflict:
    case api_errc::gone:
      return retry_class::reread;
    case api_errc::unauthorized:
    case api_errc::rate_limited:
    case api_errc::unreachable:
    case api_errc::cancelled:
      return retry_class::backoff;
    case api_errc::server_error:
    case api_errc::connection_lost:
    case api_errc::timeout:
    case api_errc::malformed:
      return retry_class::in_doubt;
  }
  return retry_class::in_doubt;
}

// True when the server may have carried the request out although we have no proof of it.
constexpr bool may_be_committed(api_errc code) {
  return retry_of(code) == retry_class::in_doubt;
}

std::string_view to_string(api_errc code);

// "403 forbidden: quota exceeded"; for conditions, events and logs.
std::string describe(const api_error& error);

// Text from a server made fit for status and logs: control characters and invalid UTF-8 become spaces, runs
// of blanks one blank, at most `limit` bytes (cut at a character), "…" where something was cut.
std::string clean_message(std::string_view text, std::size_t limit = 256);

// The same between quotation marks: how a message names what somebody wrote.
std::string quote(std::string_view text, std::size_t limit = 64);

}  // namespace platformer
