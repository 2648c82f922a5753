// One host's HTTP/1.1 client on Beast: keep-alive pool, deadlines, limits, TLS with verification. It knows
// nothing of Kubernetes or the Console, follows no redirects, retries nothing and never throws.
//
//   http_client client(executor, {.tls = true, .host = "api.platformer.com", .port = 443}, tls, {});
//   http_request request{.target = "/auth/api/v1/organization/list"};
//   auto reply = co_await client.send(std::move(request));
//
// A reply of any status is a value; errors are api_error with one of these codes:
//   bad_request      the request can't be sent as it is (a line end in a header, a path that is none)
//   unreachable      failed before a byte of the request went out, whatever the reason: DNS, TCP, proxy,
//                    TLS, the pool's limit, the deadline; or a server's TLS turned us away instead of
//                    replying
//   cancelled        close(), or the calling coroutine was cancelled, before a byte of the request went out
//   connection_lost  broken after sending began, by close() too: the server may have carried the request out
//   timeout          the deadline passed after sending began
//   malformed        no HTTP/1.1 reply, or one beyond a limit; http_status is set when its head was fine
// A connection that the peer has closed while it lay idle is noticed before it is used again.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "model/api_error.hpp"

namespace platformer::net {

class tls_context;  // net/tls.hpp

enum class http_method : std::uint8_t { get, post, put, patch, del };

std::string_view to_string(http_method method);

struct header {
  std::string name;
  std::string value;
};

// An HTTP or SOCKS-less CONNECT proxy (kubeconfig's proxy-url). No proxy variable of the environment is ever
// read.
struct proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization{};  // value of Proxy-Authorization; empty: none
};

struct endpoint {
  bool tls = true;
  std::string host;  // DNS name or IP literal; IPv6 without brackets
  std::uint16_t port = 443;
  std::string server_name{};  // verified and sent as SNI instead of host, when not empty
  std::optional<proxy> via{};
};

struct http_limits {
  std::size_t connections = 32;          // in the pool; further requests wait within their deadline
  std::size_t header_bytes = 64 * 1024;  // of a reply
  duration connect_timeout = std::chrono::seconds(10);
  duration idle_timeout =
      std::chrono::seconds(60);  // a pooled connection is closed then, or a quarter earlier
};

struct http_request {
  http_method method = http_method::get;
  std::string target;  // origin form, already percent-encoded
  std::vector<header> headers{};
  std::shared_ptr<const secret_string> authorization{};  // value of Authorization; null: none
  std::string content_type{};                            // sent when there is a body
  secret_string body{};
  // For everything: waiting for a connection, connecting, sending, the whole reply.
  duration deadline = std::chrono::seconds(30);
  std::size_t max_reply_bytes = 1024 * 1024;  // larger bodies are `malformed` (nothing beyond is buffered)
};

struct http_reply {
  int status = 0;
  std::vector<header> headers;
  secret_string body;  // wiped with the reply; buffers it came through are wiped, too

  // The first header of that name, case-insensitively; "" when absent.
  std::string_view find(std::string_view name) const;
};

// A reply whose body arrives over time (a watch). Owns a connection outside the pool.
class http_stream {
 public:
  virtual ~http_stream() = default;
  virtual int status() const = 0;
  virtual std::string_view find(std::string_view header_name) const = 0;
  // The next piece of the body, at most a few ten KiB; an empty string at its regular end. `idle_deadline` is
  // how long nothing at all may arrive: then `timeout`, and the stream is dead. One read at a time.
  virtual boost::asio::awaitable<result<std::string, api_error>> read(duration idle_deadline) = 0;
  // Makes a pending read end with `cancelled`.
  virtual void close() = 0;
};

class http_client {
 public:
  // tls may be null when target.tls is false.
  http_client(boost::asio::any_io_executor executor, endpoint target, std::shared_ptr<tls_context> tls,
              http_limits limits = {});
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  boost::asio::awaitable<result<http_reply, api_error>> send(http_request request);
  // request.deadline covers everything up to the reply's header. Error statuses are given as streams, too.
  // max_reply_bytes does not apply: pieces are bounded, their number is not.
  boost::asio::awaitable<result<std::unique_ptr<http_stream>, api_error>> open(http_request request);

  // Uses `tls` for new connections (rotated CA or client certificate) and drops the idle ones.
  void replace_tls(std::shared_ptr<tls_context> tls);
  // Ends idle connections and everything under way: with `cancelled` what was not sent yet and every stream's
  // read, with `connection_lost` what may have reached the server. The destructor does the same.
  void close();

  struct statistics {
    std::uint64_t connections_opened = 0;
    std::uint64_t requests_sent = 0;
    std::size_t idle = 0;    // kept connections, those included whose end has not been noticed yet
    std::size_t in_use = 0;  // of http_limits::connections; streams are not counted
  };
  statistics stats() const;

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::net
