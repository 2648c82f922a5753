// Settings that can't work say what is wrong with which of them.
#include <gtest/gtest.h>

#include "net/tls.hpp"
#include "tests/support/test_certificates.hpp"

namespace platformer::net {
namespace {

std::string outcome(const tls_settings& settings) {
  const auto made = tls_context::make(settings);
  return made ? "fine" : made.error().message;
}

std::shared_ptr<const secret_string> key(const std::string& pem) {
  return std::make_shared<const secret_string>(pem);
}

const test::certificate_authority& authority() {
  static const test::certificate_authority one;
  return one;
}

TEST(tls_context, takes_the_systems_trust_store_when_there_is_no_ca) {
  EXPECT_EQ(outcome({}), "fine");
}

TEST(tls_context, takes_a_bundle_with_text_around_its_certificates) {
  const test::certificate_authority other;
  const std::string bundle =
      "# one\n" + authority().certificate_pem() + "\n# two\n" + other.certificate_pem() + "end\n";
  EXPECT_EQ(outcome({.ca_pem = bundle}), "fine");
}

TEST(tls_context, takes_the_same_ca_twice) {
  EXPECT_EQ(outcome({.ca_pem = authority().certificate_pem() + authority().certificate_pem()}), "fine");
}

TEST(tls_context, refuses_a_bundle_without_certificates) {
  EXPECT_EQ(outcome({.ca_pem = "nothing here"}), "the CA bundle holds no certificate");
  const std::string only_a_key = authority().issue({}).key_pem;
  EXPECT_EQ(outcome({.ca_pem = only_a_key}), "the CA bundle holds no certificate");
}

TEST(tls_context, refuses_a_damaged_certificate) {
  std::string damaged = authority().certificate_pem();
  damaged.replace(damaged.find('\n') + 10, 4, "!!!!");
  EXPECT_EQ(outcome({.ca_pem = damaged}), "the CA bundle can't be read: certificate 1 in it is damaged");
  EXPECT_EQ(outcome({.ca_pem = authority().certificate_pem() + damaged}),
            "the CA bundle can't be read: certificate 2 in it is damaged");
}

TEST(tls_context, takes_a_client_certificate_with_its_key_and_chain) {
  const auto own = authority().issue({.common_name = "client"});
  EXPECT_EQ(outcome({.certificate_pem = own.certificate_pem, .key_pem = key(own.key_pem)}), "fine");
  const std::string chain = own.certificate_pem + authority().certificate_pem();
  EXPECT_EQ(outcome({.certificate_pem = chain, .key_pem = key(own.key_pem)}), "fine");
}

TEST(tls_context, refuses_a_key_that_does_not_fit) {
  const auto own = authority().issue({});
  const auto other = authority().issue({});
  EXPECT_EQ(outcome({.certificate_pem = own.certificate_pem, .key_pem = key(other.key_pem)}),
            "the private key does not fit the client certificate");
}

TEST(tls_context, refuses_half_a_client_identity) {
  const auto own = authority().issue({});
  EXPECT_EQ(outcome({.certificate_pem = own.certificate_pem}), "the client certificate has no private key");
  EXPECT_EQ(outcome({.key_pem = key(own.key_pem)}), "the private key has no client certificate");
  EXPECT_EQ(outcome({.certificate_pem = "x", .key_pem = key(own.key_pem)}),
            "the client certificate holds no certificate");
  EXPECT_EQ(outcome({.certificate_pem = own.certificate_pem, .key_pem = key("x")}),
            "the private key can't be read (is it PEM, and without a passphrase?)");
}

TEST(tls_context, asks_nobody_for_the_passphrase_of_an_encrypted_key) {
  const auto own = authority().issue({});
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMFAGCSqGSIb3DQEFDTBDMBsGCSqGSIb3DQEFDDAOBAg=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_EQ(outcome({.certificate_pem = own.certificate_pem, .key_pem = key(encrypted)}),
            "the private key can't be read (is it PEM, and without a passphrase?)");
}

}  // namespace
}  // namespace platformer::net
