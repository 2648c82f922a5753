#include "tests/gate/http.hpp"

#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <cstdio>

namespace platformer::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t message_limit_bytes = 64U * 1024 * 1024;

bool is_hop_by_hop(http::field name) {
  return name == http::field::connection || name == http::field::transfer_encoding ||
         name == http::field::content_length || name == http::field::keep_alive ||
         name == http::field::proxy_connection || name == http::field::te || name == http::field::trailer ||
         name == http::field::upgrade;
}

std::string lines_of(const http::fields& fields) {
  std::string lines;
  for (const auto& each : fields)
    if (!is_hop_by_hop(each.name()))
      lines += std::string(each.name_string()) + ": " + std::string(each.value()) + "\r\n";
  return lines;
}

std::string status_line(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " " +
         std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)))) + "\r\n";
}

std::string end_of_head(std::optional<std::size_t> body_bytes, bool keep_alive) {
  const std::string length = body_bytes ? "Content-Length: " + std::to_string(*body_bytes) + "\r\n"
                                        : std::string("Transfer-Encoding: chunked\r\n");
  return length + (keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

// Gives the parser what has come; false when that is no HTTP.
template <class Parser>
bool feed(Parser& parser, boost::beast::flat_buffer& unread) {
  error_code failed;
  unread.consume(parser.put(unread.data(), failed));
  return !failed || failed == http::error::need_more;
}

}  // namespace

asio::awaitable<std::optional<gate_request>> read_request(std::shared_ptr<wire> from) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(message_limit_bytes);
  while (!parser.is_done()) {
    if (from->unread().size() != 0 && !feed(parser, from->unread())) co_return std::nullopt;
    if (parser.is_done()) break;
    const bool open = co_await from->read_more();
    if (!open) co_return std::nullopt;
  }
  co_return parser.release();
}

std::string forwarded(const gate_request& request) {
  std::string text =
      std::string(request.method_string()) + " " + std::string(request.target()) + " HTTP/1.1\r\n";
  text += lines_of(request);
  // No length without a body: to some servers that is a request with an (empty) body.
  if (!request.body().empty() || request.method() == http::verb::post || request.method() == http::verb::put)
    text += "Content-Length: " + std::to_string(request.body().size()) + "\r\n";
  return text + "\r\n" + request.body();
}

reply_reader::reply_reader(std::shared_ptr<wire> from) : from_(std::move(from)) {
  parser_.eager(true);
  parser_.body_limit(boost::none);
}

asio::awaitable<bool> reply_reader::advance() {
  auto& unread = from_->unread();
  const std::size_t before = unread.size();
  if (before != 0) {
    const bool fine = feed(parser_, unread);
    if (!fine) co_return false;
    if (unread.size() != before) co_return true;
  }
  const bool open = co_await from_->read_more();
  if (open) co_return true;
  // A body without a length ends with its connection.
  error_code cut_short;
  if (parser_.is_header_done()) parser_.put_eof(cut_short);
  co_return parser_.is_header_done() && !cut_short;
}

asio::awaitable<bool> reply_reader::read_head() {
  while (!parser_.is_header_done()) {
    const bool going = co_await advance();
    if (!going) co_return false;
  }
  co_return true;
}

asio::awaitable<std::optional<std::string>> reply_reader::read_piece() {
  while (parser_.get().body().empty() && !parser_.is_done()) {
    const bool going = co_await advance();
    if (!going) co_return std::nullopt;
  }
  co_return std::exchange(parser_.get().body(), {});
}

asio::awaitable<std::optional<std::string>> reply_reader::read_body() {
  std::string all;
  for (;;) {
    auto piece = co_await read_piece();
    if (!piece || all.size() + piece->size() > message_limit_bytes) co_return std::nullopt;
    if (piece->empty()) co_return all;
    all += *piece;
  }
}

std::string reply_head(int status, const http::fields& fields, std::optional<std::size_t> body_bytes,
                       bool keep_alive) {
  return status_line(status) + lines_of(fields) + end_of_head(body_bytes, keep_alive);
}

std::string reply_head(int status, const std::vector<std::pair<std::string, std::string>>& headers,
                       std::size_t body_bytes, bool keep_alive) {
  std::string lines;
  for (const auto& [name, value] : headers)
    lines += name + ": " + value + "\r\n";
  return status_line(status) + lines + end_of_head(body_bytes, keep_alive);
}

std::string chunk(const std::string& piece) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
  return size.data() + piece + "\r\n";
}

}  // namespace platformer::test
