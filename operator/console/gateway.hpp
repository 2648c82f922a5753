// The Console gateway's URL (spec.gateway), taken apart and checked: the operator's credential goes there and
// nowhere else.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace platformer::console {

struct gateway {
  net::endpoint target;
  std::string prefix;  // before every route's path; "" or "/…" without a trailing slash
  std::string url;     // normalized: scheme, host, port unless it is the scheme's own, prefix
};

// https only, unless allow_insecure_http; no user, query or fragment. Errors start with "spec.gateway" and
// never repeat the URL, which might hold a password.
result<gateway> parse_gateway(std::string_view url, bool allow_insecure_http);

}  // namespace platformer::console
