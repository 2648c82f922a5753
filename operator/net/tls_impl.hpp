// Inside net only: what a tls_context holds, and what each TLS connection adds to it.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <string>
#include <string_view>

#include "net/tls.hpp"

namespace platformer::net {

struct tls_context::impl {
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
  bool insecure_skip_verify = false;
};

// Sets what the peer's certificate must be for (a DNS name, or an IP address when the name is an IP literal)
// and the name sent as SNI. To be called before the handshake; false when OpenSSL refuses the name.
bool expect_peer(SSL* ssl, std::string_view name, bool insecure_skip_verify);

// Why a handshake failed, for a person: the certificate's fault when there is one, else `fallback`.
std::string explain_handshake(SSL* ssl, std::string_view name, std::string fallback);

}  // namespace platformer::net
