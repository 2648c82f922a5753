// The values that options take, and how each is read from text. A failure's message quotes the text and says
// what is expected; the caller puts the option's or the variable's name before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/log_types.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace platformer::app {

// Where to listen. The host is an IP literal, IPv6 without brackets; port 0 takes a free one.
struct listen_address {
  std::string host = "0.0.0.0";
  std::uint16_t port = 8080;
  bool operator==(const listen_address&) const = default;
};

inline constexpr unsigned workers_min = 1;
inline constexpr unsigned workers_max = 256;
inline constexpr std::size_t cluster_id_max_bytes = 63;
inline constexpr std::size_t selector_max_bytes = 2048;
inline constexpr std::size_t namespaces_max = 256;  // one set of watches each
inline constexpr duration election_time_min = std::chrono::milliseconds(100);
inline constexpr duration election_time_max = std::chrono::hours(1);

// "0.0.0.0:8080", "[::1]:0".
result<listen_address> parse_listen_address(std::string_view text);
std::string to_string(const listen_address& address);

// A decimal number from workers_min to workers_max.
result<unsigned> parse_workers(std::string_view text);

result<log_level> parse_log_level(std::string_view text);
result<log_format> parse_log_format(std::string_view text);

// Names of namespaces (RFC 1123 labels) separated by commas; blanks around them and empty items are dropped.
result<std::vector<std::string>> parse_namespaces(std::string_view text);

// A Kubernetes label selector ("team=a,stage in (test,prod),!legacy"): given back as it is, since the
// apiserver reads it again, when its shape is right. Shape means: terms, operators and the characters of keys
// and values.
result<std::string> parse_selector(std::string_view text);

// The name of one namespace.
result<std::string> parse_namespace(std::string_view text);

// "true" or "false".
result<bool> parse_switch(std::string_view text);

// A time of leader election ("15s", "1m30s", "500ms"): from election_time_min to election_time_max.
result<duration> parse_election_time(std::string_view text);

// Each of them has to leave room for the next; a failure names the options.
result<void> check_election_times(duration lease_duration, duration renew_deadline, duration retry_period);

// The name of a file in a folder that is given elsewhere: no slash in it.
result<std::string> parse_file_name(std::string_view text);

// An identity of the cluster, for marks at the Console: letters, digits, '-', '_' and '.'.
result<std::string> parse_cluster_id(std::string_view text);

}  // namespace platformer::app
