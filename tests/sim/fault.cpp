#include "tests/sim/fault.hpp"

#include <array>
#include <charconv>

namespace platformer::sim {
namespace {

constexpr std::array<std::string_view, fault_count> names = {"crash_before",      "crash_after",
                                                             "crash_late",        "lost_request",
                                                             "lost_reply",        "late",
                                                             "very_late",         "conflict",
                                                             "forbidden",         "invalid",
                                                             "throttled",         "error_before",
                                                             "error_after",       "garbled",
                                                             "stop_before",       "watch_drop",
                                                             "watch_expire",      "watch_stall",
                                                             "watch_relist",      "pause",
                                                             "terminate",         "lease_conflict",
                                                             "lease_lost_reply",  "lease_error",
                                                             "lease_late",        "lease_outage",
                                                             "lease_deleted",     "edit_access",
                                                             "edit_description",  "rename_secret",
                                                             "rename_key",        "ask_renewal",
                                                             "ask_renewal_again", "replace_object",
                                                             "recreate_object",   "delete_object",
                                                             "delete_secret",     "empty_secret",
                                                             "overwrite_token",   "strip_secret",
                                                             "put_back_secret",   "foreign_secret",
                                                             "wipe_status",       "suspend",
                                                             "delete_account",    "edit_account",
                                                             "unmark_account",    "revoke_token",
                                                             "edit_strategy",     "suspend_connection"};

}  // namespace

std::string_view to_string(fault what) {
  return names[static_cast<std::size_t>(what)];
}

std::optional<fault> parse_fault(std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return static_cast<fault>(i);
  return std::nullopt;
}

std::string to_string(const fault_plan& plan) {
  if (plan.empty()) return "-";
  std::string text;
  for (const injection& each : plan) {
    if (!text.empty()) text += ',';
    text.append(std::to_string(each.point)).append(":").append(to_string(each.what));
  }
  return text;
}

std::optional<fault_plan> parse_plan(std::string_view text) {
  fault_plan plan;
  if (text == "-") return plan;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t colon = item.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    injection each;
    const auto [end, status] = std::from_chars(item.data(), item.data() + colon, each.point);
    const auto what = parse_fault(item.substr(colon + 1));
    if (status != std::errc() || end != item.data() + colon || !what) return std::nullopt;
    each.what = *what;
    plan.push_back(each);
  }
  return plan;
}

}  // namespace platformer::sim
