// URLs of kubeconfig entries: `server` and `proxy-url`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace platformer::kube {

struct server_url {
  bool tls = true;
  std::string host;  // IPv6 without brackets
  std::uint16_t port = 443;
  std::string base_path;  // without a slash at its end
};

// http and https only; no user, query or fragment.
result<server_url> parse_server_url(std::string_view text);

// http://[user:password@]host:port. Other schemes are refused by name.
result<net::proxy> parse_proxy_url(std::string_view text);

result<std::uint16_t> parse_port(std::string_view text);

}  // namespace platformer::kube
