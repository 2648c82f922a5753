#include "net/tls_pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace platformer::net {
namespace {

// OpenSSL's default would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

bio_ptr reader_of(std::string_view pem) {
  return bio_ptr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

result<std::monostate> use_key(SSL_CTX* context, const secret_string* key_pem, const std::string& whose) {
  if (key_pem == nullptr || key_pem->empty()) return fail("the " + whose + " certificate has no private key");
  const bio_ptr reader = reader_of(key_pem->reveal());
  const key_ptr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return fail("the private key can't be read (is it PEM, and without a passphrase?)");
  const bool fits =
      SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (!fits) return fail("the private key does not fit the " + whose + " certificate");
  return std::monostate{};
}

}  // namespace

result<std::vector<x509_ptr>> read_certificates(std::string_view pem, const std::string& what) {
  std::vector<x509_ptr> certificates;
  const bio_ptr reader = reader_of(pem);
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const unsigned long reason = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_LIB(reason) != ERR_LIB_PEM || ERR_GET_REASON(reason) != PEM_R_NO_START_LINE) {
    return fail(what + " can't be read: certificate " + std::to_string(certificates.size() + 1) +
                " in it is damaged");
  }
  if (certificates.empty()) return fail(what + " holds no certificate");
  return certificates;
}

result<std::monostate> use_identity(SSL_CTX* context, std::string_view certificate_pem,
                                    const secret_string* key_pem, const std::string& whose) {
  auto chain = read_certificates(certificate_pem, "the " + whose + " certificate");
  if (!chain) return tl::unexpected(chain.error());
  if (SSL_CTX_use_certificate(context, chain->front().get()) != 1) {
    ERR_clear_error();
    return fail("the " + whose + " certificate is not usable");
  }
  for (std::size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, (*chain)[i].get()) != 1)
      return fail("the " + whose + "'s chain is not usable");
  }
  return use_key(context, key_pem, whose);
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

}  // namespace platformer::net
