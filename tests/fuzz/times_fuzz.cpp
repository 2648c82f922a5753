// Dates, durations and Retry-After: what is read can be written and read again; waits are within bounds.
#include "base/clock.hpp"
#include "console/errors.hpp"
#include "kube/status_reply.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace platformer;
using fuzz::check;

constexpr time_point now{std::chrono::milliseconds{1'790'000'000'000}};

void check_rfc3339(std::string_view text) {
  const auto at = parse_rfc3339(text);
  if (!at) return;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*at);
  check(parse_rfc3339(format_rfc3339(*at)) == time_point(seconds), "a time survives writing, to the second");
  check(parse_rfc3339(format_micro_time(*at)) == *at, "a MicroTime survives writing");
}

void check_waits(std::string_view text) {
  for (const auto wait : {kube::parse_retry_after(text, now), console::parse_retry_after(text, now)})
    check(!wait || (wait->count() >= 0 && *wait <= console::longest_retry_after), "a wait has its bounds");
  const auto wait = kube::parse_retry_after(text, now);
  check(!wait || *wait <= kube::longest_retry_after, "a wait for Kubernetes has its own");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_rfc3339(text);
  check_waits(text);
  if (const auto at = parse_http_date(text)) check_rfc3339(format_rfc3339(*at));
  if (const auto span = parse_duration(text)) {
    check(span->count() >= 0 && *span <= std::chrono::hours(24 * 366 * 100), "a duration has its bounds");
    check(!format_duration(*span).empty() && format_duration(*span).size() < 40, "and can be shown");
  }
  return 0;
}
