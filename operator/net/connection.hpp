// Inside net only: one TCP connection, with TLS on top when asked for, and a watchdog. Each operation ends at
// the deadline that was armed last, or at once when abort() is called; after either the connection is dead.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/tls.hpp"
#include "net/wait_list.hpp"

namespace platformer::net {

// How dead peers are found under a connection that waits for a reply.
constexpr auto keepalive_idle = std::chrono::seconds(30);
constexpr auto keepalive_interval = std::chrono::seconds(10);
constexpr int keepalive_probes = 3;
constexpr auto unacknowledged_limit = std::chrono::milliseconds(30'000);  // TCP_USER_TIMEOUT

enum class io_errc : std::uint8_t {
  ended,      // the peer ended its direction properly (with TLS: close_notify)
  refused,    // the peer's TLS refused ours with an alert: it has not looked at a request
  lost,       // everything else that breaks a connection, a TLS stream cut off without close_notify included
  malformed,  // whole, but no reply that we accept: unparsable or beyond a limit
  timed_out,  // the armed deadline passed
  aborted,    // abort() was called, or the calling coroutine was cancelled
};

struct io_failure {
  io_errc code = io_errc::lost;
  std::string detail;
};

template <class T>
using io_result = boost::asio::awaitable<result<T, io_failure>>;

struct done {};

class connection : public std::enable_shared_from_this<connection> {
 public:
  explicit connection(boost::asio::any_io_executor executor);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // From now on, everything pending ends at `deadline`.
  void arm(steady_time deadline);
  // No deadline until the next arm(): for a connection at rest.
  void disarm();
  void abort();
  // Whether one of the two has ended this connection already.
  std::optional<io_failure> stopped() const;

  io_result<done> connect(boost::asio::ip::tcp::endpoint to);
  // `name` is what the certificate must be for. Keeps `tls` for as long as the connection lives.
  io_result<done> handshake(std::shared_ptr<tls_context> tls, std::string name);
  // At least one byte, or a failure.
  io_result<std::size_t> read_some(boost::asio::mutable_buffer into);
  io_result<done> write(boost::asio::const_buffer bytes);

  // Whether the peer has been silent since the last reply: no end, no stray bytes. A look, without waiting.
  bool quiet();

 private:
  using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

  io_failure failure_of(const boost::system::error_code& failed);
  void set_options();
  void expire();
  void shut();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer watchdog_;
  std::shared_ptr<tls_context> tls_;
  std::optional<tls_stream> stream_;
  std::optional<io_errc> stop_;  // timed_out or aborted
  bool heard_ = false;           // the peer has sent something: its side of the handshake had ended, too
};

}  // namespace platformer::net
