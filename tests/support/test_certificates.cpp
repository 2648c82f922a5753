#include "tests/support/test_certificates.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <stdexcept>

#include "net/openssl_ptr.hpp"

namespace platformer::test {
namespace {

using net::bio_ptr;
using net::key_ptr;
using net::x509_ptr;
using extension_ptr = std::unique_ptr<X509_EXTENSION, net::free_with<X509_EXTENSION_free>>;

constexpr long one_day_seconds = 24L * 60 * 60;

void must(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

key_ptr make_key() {
  key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  must(key != nullptr, "key");
  return key;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_X509(bio.get(), certificate) == 1, "certificate to PEM");
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "key to PEM");
  return text_of(bio.get());
}

void extend(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

x509_ptr blank(EVP_PKEY* key, const certificate_request& request) {
  x509_ptr made(X509_new());
  std::uint32_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial");
  X509_set_version(made.get(), 2);  // 2 stands for version 3
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()),
                  request.not_yet_valid ? one_day_seconds / 2 : -2 * one_day_seconds);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), (request.expired ? -1 : 1) * one_day_seconds);
  X509_set_pubkey(made.get(), key);
  const auto* name = reinterpret_cast<const unsigned char*>(request.common_name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0);
  return made;
}

}  // namespace

struct certificate_authority::keys {
  key_ptr key;
  x509_ptr own;
};

certificate_authority::certificate_authority() : keys_(std::make_unique<keys>()) {
  keys_->key = make_key();
  keys_->own = blank(keys_->key.get(), {.common_name = "test authority"});
  X509* own = keys_->own.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_subject_key_identifier, "hash");
  must(X509_sign(own, keys_->key.get(), EVP_sha256()) > 0, "sign");
  pem_ = pem_of(own);
}

certificate_authority::~certificate_authority() = default;

certificate certificate_authority::issue(const certificate_request& request) const {
  const key_ptr key = make_key();
  const x509_ptr made = blank(key.get(), request);
  X509* const issuer = request.self_signed ? made.get() : keys_->own.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
  std::string names;
  for (const std::string& name : request.names)
    names += (names.empty() ? "" : ",") + name;
  if (!names.empty()) extend(made.get(), issuer, NID_subject_alt_name, names);
  EVP_PKEY* const signing = request.self_signed ? key.get() : keys_->key.get();
  must(X509_sign(made.get(), signing, EVP_sha256()) > 0, "sign");
  return {pem_of(made.get()), pem_of(key.get())};
}

}  // namespace platformer::test
