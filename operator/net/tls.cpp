#include "net/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ssl/verify_mode.hpp>
#include <exception>
#include <variant>
#include <vector>

#include "net/tls_impl.hpp"

namespace platformer::net {
namespace {

template <auto Free>
struct free_with {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using bio_ptr = std::unique_ptr<BIO, free_with<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, free_with<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, free_with<EVP_PKEY_free>>;

// OpenSSL's default would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

bio_ptr reader_of(std::string_view pem) {
  return bio_ptr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// The certificates of a bundle in their order; whatever stands around the PEM blocks is skipped.
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

result<std::monostate> trust(SSL_CTX* context, const std::string& ca_pem) {
  if (ca_pem.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) != 1)
      return fail("the system's trust store can't be opened");
    return std::monostate{};
  }
  auto certificates = read_certificates(ca_pem, "the CA bundle");
  if (!certificates) return tl::unexpected(certificates.error());
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const x509_ptr& certificate : *certificates) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1)
      return fail("the CA bundle holds an unusable certificate");
  }
  // As in Go, and so in kubectl: each certificate of the bundle is an anchor, intermediates included.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return std::monostate{};
}

result<std::monostate> use_key(SSL_CTX* context, const tls_settings& settings) {
  if (!settings.key_pem || settings.key_pem->empty())
    return fail("the client certificate has no private key");
  const bio_ptr reader = reader_of(settings.key_pem->reveal());
  const key_ptr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return fail("the private key can't be read (is it PEM, and without a passphrase?)");
  const bool fits =
      SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (!fits) return fail("the private key does not fit the client certificate");
  return std::monostate{};
}

result<std::monostate> identify(SSL_CTX* context, const tls_settings& settings) {
  if (settings.certificate_pem.empty()) {
    if (settings.key_pem && !settings.key_pem->empty())
      return fail("the private key has no client certificate");
    return std::monostate{};
  }
  auto chain = read_certificates(settings.certificate_pem, "the client certificate");
  if (!chain) return tl::unexpected(chain.error());
  if (SSL_CTX_use_certificate(context, chain->front().get()) != 1) {
    ERR_clear_error();
    return fail("the client certificate is not usable");
  }
  for (std::size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, (*chain)[i].get()) != 1)
      return fail("the client's chain is not usable");
  }
  return use_key(context, settings);
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

}  // namespace

tls_context::tls_context() : impl_(std::make_unique<impl>()) {}
tls_context::~tls_context() = default;

result<std::shared_ptr<tls_context>> tls_context::make(const tls_settings& settings) try {
  std::shared_ptr<tls_context> made(new tls_context());
  SSL_CTX* context = made->impl_->context.native_handle();
  harden(context);
  made->impl_->insecure_skip_verify = settings.insecure_skip_verify;
  SSL_CTX_set_verify(context, settings.insecure_skip_verify ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (auto done = trust(context, settings.ca_pem); !done) return tl::unexpected(done.error());
  if (auto done = identify(context, settings); !done) return tl::unexpected(done.error());
  return made;
} catch (const std::exception& failure) {
  return fail("TLS can't be set up: " + std::string(failure.what()));
}

}  // namespace platformer::net
