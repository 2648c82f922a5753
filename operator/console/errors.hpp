// A refusing reply as an api_error: which code, how long to wait, and a message that is safe to show. Pure.
//
// Beyond what HTTP says: a 401, 403 or 404 that is a web page comes from a gateway, a firewall or a wrong
// route, not from the Console. It proves neither that a token is dead nor that an account is gone; it is
// `bad_request`, which a person has to look at.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "console/routes.hpp"
#include "model/api_error.hpp"

namespace platformer::console {

inline constexpr duration longest_retry_after = std::chrono::hours(1);

struct refusal {
  int status = 0;  // not 2xx
  std::string_view body;
  std::string_view content_type;
  std::string_view retry_after;  // the header's value, "" when absent
  std::string_view date;         // the Date header: Retry-After's date is on the server's clock
};

// Of a success that can't be understood: code `malformed`.
tl::unexpected<api_error> malformed_reply(call operation, int status, const error& why);

// `secrets` (credential, tokens) are masked wherever they occur in the message. `now` stands in for a missing
// Date.
api_error classify(call operation, const refusal& reply, std::span<const std::string_view> secrets,
                   time_point now);

// The Console's own words in an error body: errors.message.error, or a form near to it; "" when there are
// none.
std::string error_text(std::string_view body, std::span<const std::string_view> secrets);

// Seconds or an HTTP date, between 0 and longest_retry_after; nullopt when it is neither.
std::optional<duration> parse_retry_after(std::string_view value, time_point server_now);

}  // namespace platformer::console
