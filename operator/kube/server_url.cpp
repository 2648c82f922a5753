#include "kube/server_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "model/api_error.hpp"
#include "net/digest.hpp"

namespace platformer::kube {
namespace {

namespace urls = boost::urls;

std::string host_of(const urls::url_view& url) {
  // A zone ("%25eth0") has no meaning for a certificate; the address itself goes without brackets.
  if (url.host_type() == urls::host_type::ipv6 || url.host_type() == urls::host_type::ipvfuture)
    return url.host_address();
  return url.host();
}

result<std::uint16_t> port_of(const urls::url_view& url, std::uint16_t fallback) {
  // Boost.URL 1.81 takes what follows "host:" and is no digit for a path.
  const auto path = url.encoded_path();
  if (!path.empty() && path.front() != '/') return fail("the port is not a number from 1 to 65535");
  if (!url.has_port() || url.port().empty()) return fallback;
  const auto text = url.port();
  return parse_port({text.data(), text.size()});
}

}  // namespace

result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, port);
  if (text.empty() || failure != std::errc{} || stop != end || port == 0)
    return fail(quote(text) + " is not a port (1 to 65535)");
  return port;
}

result<server_url> parse_server_url(std::string_view text) {
  const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
  if (!parsed) return fail(quote(text) + " is not a URL such as https://host:6443");
  const auto& url = *parsed;
  server_url server;
  if (url.scheme_id() != urls::scheme::https && url.scheme_id() != urls::scheme::http)
    return fail(quote(text) + " must begin with https:// (or http://)");
  server.tls = url.scheme_id() == urls::scheme::https;
  server.host = host_of(url);
  if (server.host.empty()) return fail(quote(text) + " names no host");
  if (url.has_userinfo() || url.has_query() || url.has_fragment())
    return fail("the URL of host " + quote(server.host) + " must have no user, query or fragment");
  auto port = port_of(url, server.tls ? 443 : 80);
  if (!port) return tl::unexpected(port.error());
  server.port = *port;
  const auto path = url.encoded_path();
  server.base_path.assign(path.data(), path.size());
  while (!server.base_path.empty() && server.base_path.back() == '/')
    server.base_path.pop_back();
  return server;
}

result<net::proxy> parse_proxy_url(std::string_view text) {
  const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
  // Not quoted: it may hold a password.
  if (!parsed) return fail("is not a URL such as http://proxy:3128");
  const auto& url = *parsed;
  if (url.scheme_id() != urls::scheme::http)
    return fail("has scheme " + quote({url.scheme().data(), url.scheme().size()}) +
                ", but only http:// proxies (CONNECT) are supported");
  net::proxy proxy;
  proxy.host = host_of(url);
  if (proxy.host.empty()) return fail("names no host");
  auto port = port_of(url, 80);
  if (!port) return tl::unexpected(port.error());
  proxy.port = *port;
  if (url.has_userinfo()) {
    std::string login = url.user() + ":" + url.password();
    proxy.authorization = "Basic ";
    net::base64_append(proxy.authorization, login);
    wipe(login);
  }
  return proxy;
}

}  // namespace platformer::kube
