#include "net/request_writer.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <utility>
#include <variant>

namespace platformer::net {
namespace {

// Framing and routing are the client's: a caller's word on them could only contradict it.
constexpr std::array<std::string_view, 9> own_headers = {
    "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Expect", "Upgrade",
    "TE",   "Trailer"};

tl::unexpected<api_error> refuse(std::string message) {
  return tl::unexpected(api_error{api_errc::bad_request, 0, std::move(message), std::nullopt});
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_own(std::string_view name) {
  return std::any_of(own_headers.begin(), own_headers.end(),
                     [&](std::string_view own) { return boost::beast::iequals(own, name); });
}

// Names are told in messages, values never: they may be secret.
result<std::monostate, api_error> check(const http_request& request, const endpoint& target) {
  if (target.host.empty() || !is_visible_ascii(target.host) || target.port == 0)
    return refuse("no usable host");
  if (!request.target.starts_with('/') || !is_visible_ascii(request.target)) return refuse("no usable path");
  for (const header& item : request.headers) {
    if (!is_token(item.name)) return refuse("a header's name has characters that no name may have");
    if (is_own(item.name)) return refuse("the header " + item.name + " is set by the client");
    if (!is_header_value(item.value))
      return refuse("the value of the header " + item.name + " can't be sent");
  }
  if (request.authorization && !is_header_value(request.authorization->reveal())) {
    return refuse("the credential has characters that no header may have");
  }
  if (!is_header_value(request.content_type)) return refuse("the content type can't be sent");
  if (target.via && !is_header_value(target.via->authorization))
    return refuse("the proxy credential can't be sent");
  return std::monostate{};
}

void append(wiped_bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append_header(wiped_bytes& out, std::string_view name, std::string_view value) {
  append(out, name);
  append(out, ": ");
  append(out, value);
  append(out, "\r\n");
}

bool has_body(http_method method) {
  return method != http_method::get && method != http_method::del;
}

}  // namespace

std::string authority_of(const endpoint& target, bool always_port) {
  const bool v6 = target.host.find(':') != std::string::npos;
  std::string authority = v6 ? "[" + target.host + "]" : target.host;
  if (always_port || target.port != (target.tls ? 443 : 80)) authority += ":" + std::to_string(target.port);
  return authority;
}

bool is_header_value(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() == ' ' || text.front() == '\t' || text.back() == ' ' || text.back() == '\t') return false;
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

result<wiped_bytes, api_error> write_request(const http_request& request, const endpoint& target) {
  if (auto fine = check(request, target); !fine) return tl::unexpected(fine.error());
  const bool by_proxy = target.via && !target.tls;  // with TLS, the proxy only sees the tunnel
  wiped_bytes out;
  out.reserve(request.body.size() + 2048);
  append(out, to_string(request.method));
  append(out, by_proxy ? " http://" + authority_of(target, false) : " ");
  append(out, request.target);
  append(out, " HTTP/1.1\r\n");
  append_header(out, "Host", authority_of(target, false));
  if (by_proxy && !target.via->authorization.empty()) {
    append_header(out, "Proxy-Authorization", target.via->authorization);
  }
  if (request.authorization) append_header(out, "Authorization", request.authorization->reveal());
  for (const header& item : request.headers)
    append_header(out, item.name, item.value);
  if (!request.body.empty() && !request.content_type.empty()) {
    append_header(out, "Content-Type", request.content_type);
  }
  if (!request.body.empty() || has_body(request.method)) {
    append_header(out, "Content-Length", std::to_string(request.body.size()));
  }
  append(out, "\r\n");
  append(out, request.body.reveal());
  return out;
}

}  // namespace platformer::net
