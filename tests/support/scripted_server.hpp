// A loopback server that does exactly what a script says, for what no well-behaved server ever does: replies
// cut off at a byte, dripping, garbage, handshakes that never end. It runs on the test's own io_context.
//
//   scripted_server server(io.get_executor(), {{read_request(), reply("HTTP/1.1 204 No Content\r\n\r\n")}});
//   http_client client(io.get_executor(), {.tls = false, .host = "127.0.0.1", .port = server.port()},
//   nullptr);
//
// The n-th connection runs the n-th script, those beyond the last script run the last. At a script's end the
// connection is closed as it is, with TLS without close_notify (which is a truncation). A failed handshake
// ends a script.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/script.hpp"
#include "tests/support/test_certificates.hpp"

namespace platformer::test {

struct server_identity {
  certificate own;
  std::string client_ca_pem{};  // not empty: clients must show a certificate of that authority
  bool only_tls_1_1 = false;
};

class scripted_server {
 public:
  // With an identity, scripts start with TLS on the connection unless `tls_at_once` is false.
  scripted_server(boost::asio::any_io_executor executor, std::vector<script> scripts,
                  std::optional<server_identity> identity = std::nullopt, bool tls_at_once = true);
  // Closes everything.
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;                   // accepted so far
  const std::vector<std::string>& requests() const;  // head and body, in the order of arrival

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::test
