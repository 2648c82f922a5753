// What an error reply means: HTTP status, headers and a Kubernetes Status become an api_error.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/secret_string.hpp"
#include "kube/error_hygiene.hpp"
#include "model/api_error.hpp"

namespace platformer::kube {

// What of the server's own words may be repeated.
enum class message_policy : std::uint8_t {
  full,     // the Status message and its causes, cleaned
  guarded,  // the same, unless it could quote a value that was sent; then as `reduced`
  reduced,  // only the reason, and fields and types of its causes
};

struct reply_facts {
  int http_status = 0;
  std::string_view retry_after;  // value of Retry-After; "" when absent
  std::string_view body;
  time_point now{};  // for a Retry-After that is a date
};

inline constexpr duration longest_retry_after = std::chrono::minutes(10);

// For any status outside 200..299. `sent` is only looked at when guarded.
api_error decode_error(const reply_facts& reply, message_policy policy = message_policy::full,
                       const sent_values& sent = {});

// Seconds or an HTTP date; nullopt when it is neither. Never negative, at most longest_retry_after.
std::optional<duration> parse_retry_after(std::string_view value, time_point now);

}  // namespace platformer::kube
