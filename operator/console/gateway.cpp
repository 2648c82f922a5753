#include "console/gateway.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "console/routes.hpp"

namespace platformer::console {
namespace {

namespace urls = boost::urls;

constexpr std::size_t max_url_bytes = 2048;
constexpr std::size_t max_host_bytes = 253;

tl::unexpected<error> refuse(std::string_view why) {
  return fail("spec.gateway " + std::string(why));
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

result<std::string> host_of(const urls::url_view& url) {
  const auto encoded = url.encoded_host();
  if (encoded.empty()) return refuse("has no host, as in https://api.platformer.com");
  if (url.host_type() == urls::host_type::ipvfuture)
    return refuse("has a host that is no name and no IP address");
  const std::string host = lower(url.host_address());
  const auto odd = [&](char c) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
    return !plain && !(c == ':' && url.host_type() == urls::host_type::ipv6);
  };
  if (host.size() > max_host_bytes || std::any_of(host.begin(), host.end(), odd))
    return refuse("has a host that is no name and no IP address");
  return host;
}

result<std::uint16_t> port_of(const urls::url_view& url, bool tls) {
  if (!url.has_port() || url.port().empty()) return static_cast<std::uint16_t>(tls ? 443 : 80);
  const std::uint16_t port = url.port_number();  // 0 also when it is beyond 65535
  if (port == 0) return refuse("has a port that is not between 1 and 65535");
  return port;
}

result<std::string> prefix_of(const urls::url_view& url) {
  std::string path(std::string_view(url.encoded_path().data(), url.encoded_path().size()));
  // Boost.URL 1.81 takes what follows "host:" and is no digit for a path.
  if (!path.empty() && path.front() != '/') return refuse("has a port that is not between 1 and 65535");
  if (path.ends_with('/')) path.pop_back();
  if (path.find('%') != std::string::npos) return refuse("has a percent-encoded path");
  for (std::string_view rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const auto segment = rest.substr(0, rest.find('/'));
    if (segment.empty() || segment == "." || segment == "..")
      return refuse("has a path with an empty segment, \".\" or \"..\"");
    rest.remove_prefix(segment.size());
  }
  if (path.ends_with(api_base)) return refuse("must not end with " + std::string(api_base) + ": it is added");
  return path;
}

std::string normalized(const gateway& from) {
  const bool ipv6 = from.target.host.find(':') != std::string::npos;
  std::string url = from.target.tls ? "https://" : "http://";
  url += ipv6 ? "[" + from.target.host + "]" : from.target.host;
  if (from.target.port != (from.target.tls ? 443 : 80)) url += ":" + std::to_string(from.target.port);
  return url + from.prefix;
}

}  // namespace

result<gateway> parse_gateway(std::string_view text, bool allow_insecure_http) {
  if (text.empty()) return refuse("is empty; the Console is at https://api.platformer.com");
  if (text.size() > max_url_bytes)
    return refuse("is longer than " + std::to_string(max_url_bytes) + " bytes");
  const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
  if (!parsed) return refuse("is not a URL, as in https://api.platformer.com");
  const urls::url_view& url = *parsed;
  const bool tls = url.scheme_id() == urls::scheme::https;
  if (!tls && url.scheme_id() != urls::scheme::http) return refuse("must start with https://");
  if (!tls && !allow_insecure_http)
    return refuse(
        "must use https; for plain http, over which tokens travel unprotected, set "
        "spec.allowInsecureHTTP: true");
  if (url.has_userinfo()) return refuse("must not hold a user or password; use spec.credentialsSecretRef");
  if (url.has_query()) return refuse("must not have a query");
  if (url.has_fragment()) return refuse("must not have a fragment");

  auto host = host_of(url);
  if (!host) return tl::unexpected(host.error());
  const auto port = port_of(url, tls);
  if (!port) return tl::unexpected(port.error());
  auto prefix = prefix_of(url);
  if (!prefix) return tl::unexpected(prefix.error());

  gateway found;
  found.target.tls = tls;
  found.target.host = *std::move(host);
  found.target.port = *port;
  found.prefix = *std::move(prefix);
  found.url = normalized(found);
  return found;
}

}  // namespace platformer::console
