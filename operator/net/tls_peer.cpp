#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <utility>

#include "net/tls_impl.hpp"

namespace platformer::net {
namespace {

bool is_ip_literal(const std::string& name) {
  boost::system::error_code failed;
  boost::asio::ip::make_address(name, failed);
  return !failed;
}

// A fully qualified name may end in a dot, a name in a certificate never does.
std::string without_root_dot(std::string_view name) {
  if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  return std::string(name);
}

}  // namespace

bool expect_peer(SSL* ssl, std::string_view name, bool insecure_skip_verify) {
  const std::string expected = without_root_dot(name);
  const bool ip = is_ip_literal(expected);
  // RFC 6066 allows no IP literals in SNI.
  if (!ip && SSL_set_tlsext_host_name(ssl, expected.c_str()) != 1) return false;
  if (insecure_skip_verify) return true;

  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  // The subject's common name is no host name (RFC 6125), and "w*w.example.com" is nothing one should trust.
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (ip) return X509_VERIFY_PARAM_set1_ip_asc(parameters, expected.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_host(parameters, expected.c_str(), expected.size()) == 1;
}

std::string explain_handshake(SSL* ssl, std::string_view name, std::string fallback) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK || SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE) return fallback;
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return "the server's certificate is not for " + std::string(name);
  }
  return "the server's certificate is not trusted: " + std::string(X509_verify_cert_error_string(verdict));
}

}  // namespace platformer::net
