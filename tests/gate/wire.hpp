// One TCP connection of a gate, with or without TLS: bytes in, bytes out, for the gates' thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace platformer::test {

class wire {
 public:
  explicit wire(boost::asio::ip::tcp::socket socket);

  // A connection to a server on 127.0.0.1; null when there is none. `tls` may be null: plain.
  static boost::asio::awaitable<std::shared_ptr<wire>> dial(boost::asio::any_io_executor executor,
                                                            std::uint16_t port,
                                                            std::shared_ptr<boost::asio::ssl::context> tls);
  // Server side of a handshake; false: it failed.
  boost::asio::awaitable<bool> accept_tls(std::shared_ptr<boost::asio::ssl::context> tls);

  // Reads what comes next into unread(); false at the end of the connection, whatever ended it.
  boost::asio::awaitable<bool> read_more();
  boost::beast::flat_buffer& unread() { return unread_; }
  // All of it; false when the connection is gone. `bytes` must stay until then.
  boost::asio::awaitable<bool> write(std::string_view bytes);

  // Nothing has come that was not asked for: neither bytes nor an end.
  bool is_quiet();
  // Calls `then` as soon as something comes or the peer is gone. Not beside a read.
  void on_activity(std::function<void()> then);
  // Ends it at once, without close_notify: a cut is to look cut.
  void close();

 private:
  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  boost::beast::flat_buffer unread_;
};

}  // namespace platformer::test
