#include "net/tls.hpp"

#include <openssl/x509_vfy.h>

#include <boost/asio/ssl/verify_mode.hpp>
#include <exception>
#include <variant>

#include "net/tls_impl.hpp"
#include "net/tls_pem.hpp"

namespace platformer::net {
namespace {

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

result<std::monostate> identify(SSL_CTX* context, const tls_settings& settings) {
  if (!settings.certificate_pem.empty())
    return use_identity(context, settings.certificate_pem, settings.key_pem.get(), "client");
  if (settings.key_pem && !settings.key_pem->empty())
    return fail("the private key has no client certificate");
  return std::monostate{};
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
