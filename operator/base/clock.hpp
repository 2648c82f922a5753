// Time as every layer sees it: UTC with millisecond resolution. Pure code is handed `now`, it never asks.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace platformer {

using time_point = std::chrono::sys_time<std::chrono::milliseconds>;
using duration = std::chrono::milliseconds;

// "2026-11-23T08:15:30Z"; fractions of a second are dropped, as Kubernetes' metav1.Time does.
std::string format_rfc3339(time_point at);

// metav1.MicroTime: "2026-11-23T08:15:30.250000Z".
std::string format_micro_time(time_point at);

// Accepts RFC 3339 with any fraction and any offset; nullopt when it is anything else.
std::optional<time_point> parse_rfc3339(std::string_view text);

// An HTTP date (RFC 9110 IMF-fixdate), as in the Date and Retry-After headers.
std::optional<time_point> parse_http_date(std::string_view text);

// A duration as Kubernetes writes it ("2160h", "1h30m", "30s", "1.5h"); nullopt when malformed, negative or
// beyond 100 years.
std::optional<duration> parse_duration(std::string_view text);

// For messages: the two largest units ("2d4h", "15m", "3.2s").
std::string format_duration(duration span);

}  // namespace platformer
