// OpenSSL on a blocking socket and nothing else: the same bytes there and back, which no client can undercut.
#pragma once

#include <string>

#include "net/openssl_ptr.hpp"
#include "tests/bench/micro/tls_server.hpp"

struct ssl_st;
struct ssl_session_st;

namespace platformer::bench::micro {

class bare_client {
 public:
  explicit bare_client(const tls_server& server);
  ~bare_client();
  bare_client(const bare_client&) = delete;
  bare_client& operator=(const bare_client&) = delete;

  // A new connection in the place of the one before; `resume`: with the session that the server gave last.
  // False when the handshake fails, the server's certificate included.
  bool connect(bool resume);
  // The last handshake went on with an earlier session.
  bool resumed() const;
  // Sends a request and reads as many bytes as the reply has; whether they are the reply.
  bool ask();

 private:
  void close();

  const tls_server& server_;
  std::string received_;
  struct context;
  std::unique_ptr<context> context_;
  ssl_st* connection_ = nullptr;
  ssl_session_st* session_ = nullptr;
  int socket_ = -1;
};

}  // namespace platformer::bench::micro
