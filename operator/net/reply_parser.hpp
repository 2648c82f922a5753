// Inside net only: Beast's reply parser, fed by hand, collecting into memory that is wiped.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.hpp"
#include "net/wiping_allocator.hpp"

namespace platformer::net {

// The first header of that name, case-insensitively; "" when absent.
std::string_view find_header(const std::vector<header>& headers, std::string_view name);

class reply_parser final : public boost::beast::http::basic_parser<false> {
 public:
  // body_bytes: a larger body is an error; nullopt: any size, for a body that is taken out piece by piece.
  reply_parser(std::size_t header_bytes, std::optional<std::uint64_t> body_bytes);

  int status() const { return status_; }
  bool is_interim() const { return status_ < 200; }
  std::vector<header>& headers() { return headers_; }
  // What has arrived of the body and was not taken yet.
  wiped_bytes& body() { return body_; }

 private:
  using error_code = boost::beast::error_code;
  using text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
  void on_response_impl(int code, text reason, int version, error_code& failed) override;
  void on_field_impl(boost::beast::http::field name, text name_text, text value, error_code& failed) override;
  void on_header_impl(error_code& failed) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& size, error_code& failed) override;
  std::size_t on_body_impl(text bytes, error_code& failed) override;
  void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t remaining, text bytes, error_code& failed) override;
  void on_finish_impl(error_code&) override {}

  int status_ = 0;
  bool in_trailer_ = false;
  bool bounded_;
  std::vector<header> headers_;
  wiped_bytes body_;
};

}  // namespace platformer::net
