// A small HTTP/1.1 server on Beast for one address, plain or TLS: reads whole requests, asks a handler, sends
// the reply, or a broken piece of it when the handler says so. One thread, one coroutine a connection.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "tests/console_emulator/http_types.hpp"

namespace platformer::emulator {

using request_handler = std::function<boost::asio::awaitable<served>(incoming)>;

// A TLS server context from PEM texts; the message says which of them is unusable.
result<std::shared_ptr<boost::asio::ssl::context>> make_server_tls(const std::string& certificate_pem,
                                                                   const std::string& key_pem);

inline constexpr std::size_t request_header_max_bytes = 64 * 1024;
inline constexpr std::size_t request_body_max_bytes = 1024 * 1024;

class http_server {
 public:
  // `address` is "127.0.0.1:8080" or "[::1]:0"; port 0 takes a free one. tls null: plain HTTP.
  static result<std::unique_ptr<http_server>> listen(boost::asio::any_io_executor executor,
                                                     const std::string& address,
                                                     std::shared_ptr<boost::asio::ssl::context> tls,
                                                     request_handler handler);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  // "https://127.0.0.1:34567"; an unspecified address is shown as the loopback one.
  std::string url() const;
  std::uint16_t port() const;
  // Takes no more connections and ends those that there are.
  void stop();

 private:
  struct impl;
  explicit http_server(std::shared_ptr<impl> state) : impl_(std::move(state)) {}
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::emulator
