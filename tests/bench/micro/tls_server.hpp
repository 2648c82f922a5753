// A TLS server on loopback in a process of its own: answers each request head with the same reply, one
// connection after the other.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "tests/support/test_certificates.hpp"

namespace platformer::bench::micro {

class tls_server {
 public:
  // `reply`: head and body, as bytes. To be made before there are threads.
  explicit tls_server(std::string reply);
  // Ends the process.
  ~tls_server();
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;

  std::uint16_t port() const { return port_; }
  const std::string& ca_pem() const { return authority_.certificate_pem(); }
  const std::string& reply() const { return reply_; }

 private:
  test::certificate_authority authority_;
  std::string reply_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace platformer::bench::micro
