// One connection of http_server, over whichever stream.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <string>

#include "tests/console_emulator/http_server.hpp"

namespace platformer::emulator {

inline constexpr std::chrono::seconds connection_idle_limit{120};

using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

incoming to_incoming(boost::beast::http::request<boost::beast::http::string_body>&& message);
// Status line and headers, with the empty line that ends them.
std::string reply_head(const outgoing& reply, bool keep_alive);
// What to answer when the request itself could not be read; status 0: nothing, the connection is gone.
outgoing unreadable_request(boost::system::error_code why);

// Reads and drops until the client gives up or the server stops.
template <class Stream>
boost::asio::awaitable<void> outlast_client(Stream& stream) {
  boost::beast::get_lowest_layer(stream).expires_never();
  std::array<char, 512> waste{};
  boost::system::error_code ec;
  while (!ec)
    co_await stream.async_read_some(boost::asio::buffer(waste),
                                    boost::asio::redirect_error(boost::asio::use_awaitable, ec));
}

// Sends as much of the reply as `cut` allows; true when the connection can go on.
template <class Stream>
boost::asio::awaitable<bool> send_reply(Stream& stream, const served& answer, bool keep_alive) {
  if (answer.cut == reply_cut::before_head) co_return false;
  if (answer.cut == reply_cut::hang) {
    co_await outlast_client(stream);
    co_return false;
  }
  const std::string head = reply_head(answer.reply, keep_alive);
  const std::string_view body = answer.reply.body.reveal();
  std::size_t head_bytes = head.size();
  std::size_t body_bytes = body.size();
  if (answer.cut == reply_cut::mid_reply) {
    const std::size_t half = (head_bytes + body_bytes) / 2;
    head_bytes = std::min(head_bytes, half);
    body_bytes = half - head_bytes;
  }
  const std::array<boost::asio::const_buffer, 2> parts{boost::asio::buffer(head.data(), head_bytes),
                                                       boost::asio::buffer(body.data(), body_bytes)};
  boost::system::error_code ec;
  co_await boost::asio::async_write(stream, parts,
                                    boost::asio::redirect_error(boost::asio::use_awaitable, ec));
  co_return !ec && answer.cut == reply_cut::none && keep_alive;
}

// Serves requests until either side ends the connection. Closing the socket is the caller's.
template <class Stream>
boost::asio::awaitable<void> serve_connection(Stream& stream, request_handler& handler) {
  boost::beast::flat_buffer buffer;
  bool open = true;
  while (open) {
    request_parser parser;
    parser.header_limit(request_header_max_bytes);
    parser.body_limit(request_body_max_bytes);
    boost::beast::get_lowest_layer(stream).expires_after(connection_idle_limit);
    boost::system::error_code ec;
    co_await boost::beast::http::async_read(stream, buffer, parser,
                                            boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    served answer;
    if (ec) {
      answer.reply = unreadable_request(ec);
      if (answer.reply.status != 0) (void)co_await send_reply(stream, answer, false);
      co_return;
    }
    const bool keep_alive = parser.keep_alive();
    incoming request = to_incoming(parser.release());
    boost::beast::get_lowest_layer(stream).expires_never();
    answer = co_await handler(std::move(request));
    open = co_await send_reply(stream, answer, keep_alive);
  }
}

}  // namespace platformer::emulator
