#include "app/option_values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "app/label_selector.hpp"
#include "model/api_error.hpp"

namespace platformer::app {
namespace {

constexpr std::size_t shown_max_bytes = 100;
constexpr std::size_t namespace_max_bytes = 63;

// Whatever somebody typed, fit for one line of a terminal.
std::string shown(std::string_view text) {
  return quote(text, shown_max_bytes);
}

// The whole text, without sign or blanks.
template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), into);
  return status == std::errc{} && end == text.data() + text.size();
}

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

bool is_lower_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_namespace(std::string_view text) {
  return !text.empty() && text.size() <= namespace_max_bytes && is_lower_alphanumeric(text.front()) &&
         is_lower_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower_alphanumeric(c) || c == '-'; });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

result<listen_address> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  listen_address address;
  bool good = colon != std::string_view::npos && read_number(text.substr(colon + 1), address.port);
  if (good) {
    address.host = text.substr(0, colon);
    if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
      address.host = address.host.substr(1, address.host.size() - 2);
      good = is_address(AF_INET6, address.host);
    } else {
      good = is_address(AF_INET, address.host);
    }
  }
  if (!good)
    return fail(
        shown(text) +
        " is not an IP address and a port; write it as 0.0.0.0:8080 or [::]:8080 (port 0: any free one)");
  return address;
}

std::string to_string(const listen_address& address) {
  const bool six = address.host.find(':') != std::string::npos;
  return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

result<unsigned> parse_workers(std::string_view text) {
  unsigned number = 0;
  if (!read_number(text, number) || number < workers_min || number > workers_max)
    return fail(shown(text) + " is not a number from " + std::to_string(workers_min) + " to " +
                std::to_string(workers_max));
  return number;
}

result<log_level> parse_log_level(std::string_view text) {
  for (const log_level level :
       {log_level::trace, log_level::debug, log_level::info, log_level::warning, log_level::error})
    if (text == to_string(level)) return level;
  return fail(shown(text) + " is none of trace, debug, info, warning, error");
}

result<log_format> parse_log_format(std::string_view text) {
  for (const log_format format : {log_format::text, log_format::json})
    if (text == to_string(format)) return format;
  return fail(shown(text) + " is none of text, json");
}

result<std::string> parse_namespace(std::string_view text) {
  if (!is_namespace(text))
    return fail(shown(text) + " is no namespace's name (lower case letters, digits and '-', at most 63)");
  return std::string(text);
}

result<std::vector<std::string>> parse_namespaces(std::string_view text) {
  std::vector<std::string> names;
  for (std::string_view rest = text; !rest.empty();) {
    const auto comma = rest.find(',');
    const std::string_view name = trim(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (name.empty()) continue;
    auto read = parse_namespace(name);
    if (!read) return tl::unexpected(read.error());
    names.push_back(std::move(*read));
  }
  // Else a template that came out empty would mean all namespaces.
  if (names.empty()) return fail(shown(text) + " names no namespace");
  return names;
}

result<bool> parse_switch(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return fail(shown(text) + " is neither true nor false");
}

result<duration> parse_election_time(std::string_view text) {
  const auto span = parse_duration(text);
  if (!span || *span < election_time_min || *span > election_time_max)
    return fail(shown(text) + " is not a time from " + format_duration(election_time_min) + " to " +
                format_duration(election_time_max) + ", written as 15s");
  return *span;
}

result<void> check_election_times(duration lease_duration, duration renew_deadline, duration retry_period) {
  const auto not_shorter = [](const char* one, duration its, const char* other, duration others) {
    return fail("--leader-election-" + std::string(one) + " (" + format_duration(its) +
                ") has to be shorter than --leader-election-" + other + " (" + format_duration(others) + ")");
  };
  if (lease_duration % std::chrono::seconds(1) != duration{0})
    return fail("--leader-election-lease-duration: a Lease counts in whole seconds");
  if (renew_deadline >= lease_duration)
    return not_shorter("renew-deadline", renew_deadline, "lease-duration", lease_duration);
  if (retry_period >= renew_deadline)
    return not_shorter("retry-period", retry_period, "renew-deadline", renew_deadline);
  return {};
}

result<std::string> parse_selector(std::string_view text) {
  if (text.size() > selector_max_bytes)
    return fail("a label selector of more than " + std::to_string(selector_max_bytes) + " bytes");
  if (const auto ok = check_label_selector(text); !ok)
    return fail(shown(text) + " is no label selector: " + clean_message(ok.error().message, shown_max_bytes));
  return std::string(trim(text));
}

result<std::string> parse_file_name(std::string_view text) {
  if (text.empty() || text == "." || text == ".." || text.find('/') != std::string_view::npos)
    return fail(shown(text) + " is no file's name");
  return std::string(text);
}

result<std::string> parse_cluster_id(std::string_view text) {
  const bool good =
      !text.empty() && text.size() <= cluster_id_max_bytes &&
      std::all_of(text.begin(), text.end(), [](char c) {
        return is_lower_alphanumeric(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
      });
  if (!good)
    return fail(shown(text) + " is no cluster ID (letters, digits, '-', '_' and '.', at most " +
                std::to_string(cluster_id_max_bytes) + ")");
  return std::string(text);
}

}  // namespace platformer::app
