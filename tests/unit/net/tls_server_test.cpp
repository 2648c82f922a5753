// A server's certificate and key say what is wrong with them.
#include "net/tls_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/system_time.hpp"
#include "tests/support/test_certificates.hpp"

namespace platformer::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const test::certificate_authority& authority() {
  static const test::certificate_authority one;
  return one;
}

std::string outcome(const std::string& certificate, const std::string& key, time_point now = system_time()) {
  const auto made = tls_server_context::make(certificate, secret_string(key), now);
  return made ? "fine" : made.error().message;
}

TEST(tls_server, takes_a_certificate_with_its_key_and_chain) {
  const auto own = authority().issue({.names = {"DNS:localhost"}});
  EXPECT_EQ(outcome(own.certificate_pem, own.key_pem), "fine");
  EXPECT_EQ(outcome(own.certificate_pem + authority().certificate_pem(), own.key_pem), "fine");
}

TEST(tls_server, knows_when_its_certificate_ends) {
  const auto own = authority().issue({});
  const time_point now = system_time();
  const auto made = tls_server_context::make(own.certificate_pem, secret_string(own.key_pem), now);
  ASSERT_TRUE(made);
  // The very moment from which on it is refused.
  const time_point ends = (*made)->ends_at();
  EXPECT_EQ(outcome(own.certificate_pem, own.key_pem, ends - duration(1)), "fine");
  EXPECT_NE(outcome(own.certificate_pem, own.key_pem, ends), "fine");
  EXPECT_GT(ends, now);
  EXPECT_LT(ends, now + std::chrono::days(30));
}

TEST(tls_server, refuses_a_certificate_that_has_expired) {
  const auto own = authority().issue({.expired = true});
  EXPECT_THAT(outcome(own.certificate_pem, own.key_pem),
              StartsWith("the server certificate has expired at 20"));
  const auto good = authority().issue({});
  EXPECT_THAT(outcome(good.certificate_pem, good.key_pem, system_time() + std::chrono::days(30)),
              HasSubstr("has expired"));
}

TEST(tls_server, refuses_a_key_of_another_certificate) {
  EXPECT_EQ(outcome(authority().issue({}).certificate_pem, authority().issue({}).key_pem),
            "the private key does not fit the server certificate");
}

TEST(tls_server, refuses_what_is_no_certificate_or_no_key) {
  const auto own = authority().issue({});
  EXPECT_EQ(outcome("", own.key_pem), "the server certificate holds no certificate");
  EXPECT_EQ(outcome(own.key_pem, own.key_pem), "the server certificate holds no certificate");
  EXPECT_EQ(outcome(own.certificate_pem, ""), "the server certificate has no private key");
  EXPECT_THAT(outcome(own.certificate_pem, "nothing"), HasSubstr("the private key can't be read"));
}

TEST(tls_server, speaks_tls_1_2_at_least) {
  const auto own = authority().issue({});
  const auto made = tls_server_context::make(own.certificate_pem, secret_string(own.key_pem), system_time());
  ASSERT_TRUE(made);
  EXPECT_EQ(SSL_CTX_get_min_proto_version((*made)->context().native_handle()), TLS1_2_VERSION);
}

}  // namespace
}  // namespace platformer::net
