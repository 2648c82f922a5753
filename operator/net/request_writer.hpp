// Inside net only: a request as bytes. Everything a caller gives is checked first, so that no value can end a
// line and smuggle a header or a second request in.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/api_error.hpp"
#include "net/http_client.hpp"
#include "net/wiping_allocator.hpp"

namespace platformer::net {

// "host:port", IPv6 in brackets; without the port when it is the scheme's own and `always_port` is false.
std::string authority_of(const endpoint& target, bool always_port);

// No control characters, blanks around it or line ends.
bool is_header_value(std::string_view text);

// bad_request when a name, value, target or host is none, or when a header is the client's own business.
result<wiped_bytes, api_error> write_request(const http_request& request, const endpoint& target);

}  // namespace platformer::net
