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
constexpr std::size_t small_reply_bytes = 64 * 1024;  // always goes
constexpr unsigned bad_request = 400, body_too_large = 413, header_too_large = 431, busy = 503;

// The bytes are counted as long as this lives, whatever ends the sending.
class under_way {
 public:
  under_way(std::shared_ptr<reply_room> room, std::size_t bytes) : room_(std::move(room)), bytes_(bytes) {
    room_->take(bytes_);
  }
  under_way(const under_way&) = delete;
  under_way& operator=(const under_way&) = delete;
  ~under_way() { room_->give_back(bytes_); }

 private:
  std::shared_ptr<reply_room> room_;
  std::size_t bytes_;
};

std::string reply_header(const probe_reply& reply, bool keep_alive) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " ";
  text += http::obsolete_reason(http::int_to_status(reply.status));
  text += "\r\nContent-Type: " + reply.content_type;
  text += "\r\nContent-Length: " + std::to_string(reply.body.size());
  text += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff";
  if (!reply.allow.empty()) text += "\r\nAllow: " + reply.allow;
  if (!reply.challenge.empty()) text += "\r\nWWW-Authenticate: " + reply.challenge;
  text += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return text;
}

// The error is about what the client sent, not about the connection.
bool is_bad_syntax(boost::system::error_code ec) {
  return ec.category() == make_error_code(http::error::bad_method).category() &&
         ec != http::error::end_of_stream && ec != http::error::partial_message;
}

}  // namespace

bool reply_room::has_for(std::size_t bytes) const {
  return bytes <= small_reply_bytes || taken_ == 0 || taken_ + bytes <= most_;
}

probe_session::probe_session(asio::ip::tcp::socket socket, probe_limits limits,
                             std::shared_ptr<reply_room> room, std::shared_ptr<net::tls_server_context> tls)
    : stream_(std::move(socket)),
      tls_context_(std::move(tls)),
      buffer_(2 * limits.header_bytes),  // so that a header just beyond the limit is seen to be so
      limits_(limits),
      room_(std::move(room)),
      since_(std::chrono::steady_clock::now()) {
  boost::system::error_code ec;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ec);
  if (tls_context_) tls_.emplace(stream_, tls_context_->context());
}

asio::awaitable<void> probe_session::run(const probe_answers& answers) {
  if (tls_ && !co_await shake_hands()) co_return;
  bool open = true;
  while (open && !aborted_)
    open = co_await exchange(answers);
  if (!tls_ || aborted_) co_return;
  arm();
  boost::system::error_code ec;  // the client may be gone
  co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
}

asio::awaitable<bool> probe_session::shake_hands() {
  arm();
  boost::system::error_code ec;
  co_await tls_->async_handshake(asio::ssl::stream_base::server,
                                 asio::redirect_error(asio::use_awaitable, ec));
  co_return !ec;
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
  if (tls_)
    co_await http::async_read_header(*tls_, buffer_, parser, asio::redirect_error(asio::use_awaitable, ec));
  else
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
  const auto& request = parser.get();
  std::string method(request.method_string());
  std::string target(request.target());
  std::string authorization(request[http::field::authorization]);
  probe_reply reply = co_await answer_guarded(answers, std::move(authorization), method, std::move(target));
  if (aborted_) co_return false;
  if (!room_->has_for(reply.body.size()))
    reply = {.status = busy, .body = "too many large replies are under way\n"};
  const bool keep_alive = parser.keep_alive();
  co_return co_await send(std::move(reply), method == "HEAD", keep_alive);
}

asio::awaitable<probe_reply> probe_session::answer_guarded(const probe_answers& answers,
                                                           std::string authorization, std::string method,
                                                           std::string target) {
  if (answers.is_guarded(target)) {
    auto refused = co_await answers.refuse(std::move(authorization), target);
    if (refused) co_return std::move(*refused);
  }
  co_return answers.answer(method, target);
}

asio::awaitable<bool> probe_session::send(probe_reply reply, bool head_only, bool keep_alive) {
  const std::string header = reply_header(reply, keep_alive);
  const std::string_view body = head_only ? std::string_view() : std::string_view(reply.body);
  const std::array<asio::const_buffer, 2> parts{asio::buffer(header), asio::buffer(body)};
  const under_way counted(room_, body.size());
  arm();
  boost::system::error_code ec;
  if (tls_)
    co_await asio::async_write(*tls_, parts, asio::redirect_error(asio::use_awaitable, ec));
  else
    co_await asio::async_write(stream_, parts, asio::redirect_error(asio::use_awaitable, ec));
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
