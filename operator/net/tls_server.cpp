#include "net/tls_server.hpp"

#include <openssl/asn1.h>

#include <ctime>
#include <exception>

#include "net/tls_pem.hpp"

namespace platformer::net {
namespace {

// Those of TLS 1.2; TLS 1.3 has no others.
constexpr const char* suites = "ECDHE+AESGCM:ECDHE+CHACHA20";

result<time_point> end_of(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
    return fail("the server certificate does not say when it ends");
  return std::chrono::time_point_cast<duration>(std::chrono::system_clock::from_time_t(::timegm(&parts)));
}

}  // namespace

result<std::shared_ptr<tls_server_context>> tls_server_context::make(std::string_view certificate_pem,
                                                                     const secret_string& key_pem,
                                                                     time_point now) try {
  std::shared_ptr<tls_server_context> made(new tls_server_context());
  SSL_CTX* context = made->context_.native_handle();
  harden(context);
  // Tickets would let a client go on under a certificate that has been replaced.
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 0);
  if (SSL_CTX_set_cipher_list(context, suites) != 1) return fail("OpenSSL has none of the cipher suites");
  if (auto done = use_identity(context, certificate_pem, &key_pem, "server"); !done)
    return tl::unexpected(done.error());
  const auto ends = end_of(SSL_CTX_get0_certificate(context));
  if (!ends) return tl::unexpected(ends.error());
  made->ends_at_ = *ends;
  if (*ends <= now) return fail("the server certificate has expired at " + format_rfc3339(*ends));
  return made;
} catch (const std::exception& failure) {
  return fail("TLS can't be set up: " + std::string(failure.what()));
}

}  // namespace platformer::net
