#include "console/trace.hpp"

#include <algorithm>
#include <cstdio>

#include "base/hash.hpp"

namespace platformer::console {
namespace {

constexpr std::size_t trace_digits = 32;

bool is_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string traceparent(std::string_view id, call operation) {
  const bool only_zeros = id.find_first_not_of('0') == std::string_view::npos;
  if (id.size() > trace_digits || only_zeros || !std::all_of(id.begin(), id.end(), is_digit)) return {};
  const std::uint64_t span = fnv1a(std::string(id) + "/" + std::string(console::operation_id(operation)));
  char span_digits[17];
  std::snprintf(span_digits, sizeof span_digits, "%016llx",
                static_cast<unsigned long long>(span == 0 ? 1 : span));
  return "00-" + std::string(trace_digits - id.size(), '0') + std::string(id) + "-" + span_digits + "-01";
}

}  // namespace platformer::console
