// A request and a reply without a socket: what the gateway and the admin API are written and tested against.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret_string.hpp"

namespace platformer::emulator {

struct incoming {
  std::string method;  // "PUT"
  std::string target;  // origin form, percent-encoded
  secret_string authorization;
  std::string organization_id;  // x-organization-id
  std::string project_id;       // x-project-id
  std::string content_type;
  secret_string body;
  std::string traceparent = {};  // W3C trace context
};

struct outgoing {
  int status = 200;
  secret_string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;  // Retry-After, Allow
};

// Where a reply breaks.
enum class reply_cut : std::uint8_t {
  none,         // the whole reply goes out
  before_head,  // the connection ends without a byte of it
  mid_reply,    // the connection ends after half of its bytes
  hang,         // nothing is sent and the connection stays until the client gives up
};

struct served {
  outgoing reply;
  reply_cut cut = reply_cut::none;
};

// A target's path segments and query, percent-decoded.
struct parsed_target {
  std::vector<std::string> segments;
  std::map<std::string, std::string, std::less<>> query;
};

// nullopt when the target is not in origin form, is wrongly encoded or repeats a query parameter.
std::optional<parsed_target> parse_target(std::string_view target);

// The variables of `path_template` ("/serviceaccount/{id}") when the segments fit it; nullopt when they
// don't.
std::optional<std::map<std::string, std::string, std::less<>>> match_path(
    std::string_view path_template, const std::vector<std::string>& segments);

}  // namespace platformer::emulator
