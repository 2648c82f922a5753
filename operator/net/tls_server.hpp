// TLS server settings: at least TLS 1.2, suites with forward secrecy only, no client certificates asked for.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::net {

class tls_server_context {
 public:
  // A chain in PEM that begins with the server's own certificate, and its private key. Fails with what is
  // wrong ("the private key does not fit the server certificate"), an end before `now` included.
  static result<std::shared_ptr<tls_server_context>> make(std::string_view certificate_pem,
                                                          const secret_string& key_pem, time_point now);

  // When the server's own certificate ends.
  time_point ends_at() const { return ends_at_; }
  boost::asio::ssl::context& context() { return context_; }

 private:
  tls_server_context() = default;

  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
  time_point ends_at_{};
};

}  // namespace platformer::net
