#include "app/probe_session.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>

namespace platformer::app {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t drained_max_bytes = 64 * 1024;  // of a request that was refused
constexpr unsigned bad_request = 400, body_too_large = 413, header_too_large = 431;

std::string reply_text(const probe_reply& reply, bool head_only, bool keep_alive) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " ";
  text += http::obsolete_reason(http::int_to_status(reply.status));
  text += "\r\nContent-Type: " + reply.content_type;
  text += "\r\nContent-Length: " + std::to_string(reply.body.size());
  text += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff";
  if (!reply.allow.empty()) text += "\r\nAllow: " + reply.allow;
  text += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return head_only ? text : text + reply.body;
}

// The error is about what the client sent, not about the connection.
bool is_bad_syntax(boost::system::error_code ec) {
  return ec.category() == make_error_code(http::error::bad_method).category() &&
         ec != http::error::end_of_stream && ec != http::error::partial_message;
}

}  // namespace

probe_session::probe_session(asio::ip::tcp::socket socket, probe_limits limits)
    : stream_(std::move(socket)),
      buffer_(2 * limits.header_bytes),  // so that a header just beyond the limit is seen to be so
      limits_(limits),
      since_(std::chrono::steady_clock::now()) {
  boost::system::error_code ec;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ec);
}

asio::awaitable<void> probe_session::run(const probe_answers& answers) {
  bool open = true;
  while (open && !aborted_)
    open = co_await exchange(answers);
}

void probe_session::abort() {
  aborted_ = true;
  stream_.close();
}

void probe_session::arm() {
  since_ = std::chrono::steady_clock::now();
  stream_.expires_after(limits_.deadline);
}

asio::awaitable<bool> probe_session::exchange(const probe_answers& answers) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  arm();
  boost::system::error_code ec;
  co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, ec));
  if (aborted_) co_return false;
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    co_await refuse(header_too_large, "the request's header is too large\n");
    co_return false;
  }
  // A length beyond the parser's limit is noticed with the header, a smaller one leaves the request
  // unfinished.
  if (ec == http::error::body_limit || (!ec && !parser.is_done())) {
    co_await refuse(body_too_large, "a request has no body here\n");
    co_return false;
  }
  if (ec) {
    if (is_bad_syntax(ec)) co_await refuse(bad_request, "this is no HTTP/1.1 request\n");
    co_return false;
  }
  const std::string_view method = parser.get().method_string();
  probe_reply reply = answers.answer(method, parser.get().target());
  const bool keep_alive = parser.keep_alive();
  co_return co_await send(std::move(reply), method == "HEAD", keep_alive);
}

asio::awaitable<bool> probe_session::send(probe_reply reply, bool head_only, bool keep_alive) {
  const std::string text = reply_text(reply, head_only, keep_alive);
  arm();
  boost::system::error_code ec;
  co_await asio::async_write(stream_, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
  co_return !ec && keep_alive;
}

// Answers and waits for the client's end: a close with unread bytes would be a reset that may overtake the
// reply.
asio::awaitable<void> probe_session::refuse(unsigned status, std::string why) {
  probe_reply reply{.status = status, .body = std::move(why)};
  (void)co_await send(std::move(reply), false, false);
  boost::system::error_code ec;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  arm();
  std::array<char, 4096> waste{};
  std::size_t drained = 0;
  while (!ec && !aborted_ && drained < drained_max_bytes)
    drained +=
        co_await stream_.async_read_some(asio::buffer(waste), asio::redirect_error(asio::use_awaitable, ec));
}

}  // namespace platformer::app
