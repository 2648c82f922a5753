#include "net/reply_parser.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace platformer::net {
namespace {

namespace http = boost::beast::http;

// A promised length is only believed so far: memory is taken for bytes that have arrived.
constexpr std::uint64_t first_reserve = 64U * 1024;

}  // namespace

std::string_view find_header(const std::vector<header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const header& item) { return boost::beast::iequals(item.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

reply_parser::reply_parser(std::size_t header_bytes, std::optional<std::uint64_t> body_bytes)
    : bounded_(body_bytes.has_value()) {
  header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(header_bytes, UINT32_MAX)));
  if (body_bytes) {
    body_limit(*body_bytes);
  } else {
    body_limit(boost::none);
  }
}

void reply_parser::on_response_impl(int code, text, int version, error_code& failed) {
  // 101 would hand the connection to a protocol that we never asked for.
  if (version != 10 && version != 11) failed = http::error::bad_version;
  if (code < 100 || code > 999 || code == 101) failed = http::error::bad_status;
  status_ = code;
}

void reply_parser::on_field_impl(http::field name, text name_text, text value, error_code& failed) {
  if (in_trailer_) return;
  // Beast would read a reply with any other coding up to the connection's end, as if it were no coding at
  // all.
  if (name == http::field::transfer_encoding && !boost::beast::iequals(value, "chunked")) {
    failed = http::error::bad_transfer_encoding;
    return;
  }
  headers_.push_back({std::string(name_text), std::string(value)});
}

void reply_parser::on_header_impl(error_code&) {
  in_trailer_ = true;
}

void reply_parser::on_body_init_impl(const boost::optional<std::uint64_t>& size, error_code&) {
  if (bounded_ && size) body_.reserve(static_cast<std::size_t>(std::min(*size, first_reserve)));
}

std::size_t reply_parser::on_body_impl(text bytes, error_code&) {
  body_.insert(body_.end(), bytes.begin(), bytes.end());
  return bytes.size();
}

std::size_t reply_parser::on_chunk_body_impl(std::uint64_t, text bytes, error_code& failed) {
  return on_body_impl(bytes, failed);
}

}  // namespace platformer::net
