// TLS client settings: at least TLS 1.2, the peer's certificate and name are always verified (unless a
// kubeconfig says insecure-skip-tls-verify), OpenSSL wipes the plaintext it held.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::net {

struct tls_settings {
  std::string ca_pem{};                            // empty: the system's trust store
  std::string certificate_pem{};                   // client certificate chain; empty: none
  std::shared_ptr<const secret_string> key_pem{};  // its private key
  bool insecure_skip_verify = false;
};

class tls_context {
 public:
  // Fails with what is wrong with which PEM ("the CA bundle holds no certificate", "key does not fit
  // certificate").
  static result<std::shared_ptr<tls_context>> make(const tls_settings& settings);
  ~tls_context();

  struct impl;
  impl& get() { return *impl_; }

 private:
  tls_context();
  std::unique_ptr<impl> impl_;
};

}  // namespace platformer::net
