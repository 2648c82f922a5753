#include "tests/integration/harness/kubeconfig.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace platformer::test {
namespace {

// The word behind "key: " wherever it is in the text.
std::string value_of(const std::string& text, const std::string& key) {
  const auto at = text.find(key + ": ");
  if (at == std::string::npos) throw std::invalid_argument("no " + key + " in the kubeconfig");
  const auto from = at + key.size() + 2;
  return text.substr(from, text.find_first_of(" \n", from) - from);
}

std::string encoded(const std::string& bytes) {
  std::string base64(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto* out = reinterpret_cast<unsigned char*>(base64.data());            // NOLINT: OpenSSL's bytes
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());  // NOLINT
  base64.resize(static_cast<std::size_t>(EVP_EncodeBlock(out, in, static_cast<int>(bytes.size()))));
  return base64;
}

}  // namespace

std::string decode_base64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());            // NOLINT: OpenSSL's bytes
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());  // NOLINT
  const int size = EVP_DecodeBlock(out, in, static_cast<int>(text.size()));
  if (size < 0) throw std::invalid_argument("no base64 in the kubeconfig");
  const auto padding = text.size() - text.find_last_not_of('=') - 1;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

cluster_access read_access(const std::string& text) {
  const std::string server = value_of(text, "server");
  return {.port = static_cast<std::uint16_t>(std::stoul(server.substr(server.rfind(':') + 1))),
          .tls = {.ca_pem = decode_base64(value_of(text, "certificate-authority-data")),
                  .certificate_pem = decode_base64(value_of(text, "client-certificate-data")),
                  .key_pem = decode_base64(value_of(text, "client-key-data"))}};
}

std::string kubeconfig_through(const std::string& url, const std::string& ca_pem,
                               const cluster_access& user) {
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: gate\n  cluster:\n    server: " + url +
         "\n    certificate-authority-data: " + encoded(ca_pem) +
         "\nusers:\n- name: user\n  user:\n    client-certificate-data: " +
         encoded(user.tls.certificate_pem) + "\n    client-key-data: " + encoded(user.tls.key_pem) +
         "\ncontexts:\n- name: gate\n  context: {cluster: gate, user: user}\ncurrent-context: gate\n";
}

}  // namespace platformer::test
