// Inside net only: certificates and keys out of PEM, and what client and server have in common.
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "net/openssl_ptr.hpp"

namespace platformer::net {

// The certificates of a bundle in their order; whatever stands around the PEM blocks is skipped. `what`
// begins the message of a failure ("the CA bundle").
result<std::vector<x509_ptr>> read_certificates(std::string_view pem, const std::string& what);

// The first certificate is the own one, the others its chain. `whose` ("client") is named in a failure's
// message; a null or empty key is one.
result<std::monostate> use_identity(SSL_CTX* context, std::string_view certificate_pem,
                                    const secret_string* key_pem, const std::string& whose);

// TLS 1.2 or later, no compression, no renegotiation, no sessions kept, plaintext wiped, no questions.
void harden(SSL_CTX* context);

}  // namespace platformer::net
