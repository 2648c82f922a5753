// HTTPS with a certificate of a test's own authority.
#include <gtest/gtest.h>

#include "tests/console_emulator/http_server.hpp"
#include "tests/support/test_certificates.hpp"
#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

emulator_options served_with(const test::certificate& identity) {
  emulator_options options;
  options.tls_certificate_pem = identity.certificate_pem;
  options.tls_key_pem = identity.key_pem;
  return options;
}

std::shared_ptr<net::tls_context> trusting(const test::certificate_authority& authority) {
  auto made = net::tls_context::make({.ca_pem = authority.certificate_pem(),
                                      .certificate_pem = {},
                                      .key_pem = nullptr,
                                      .insecure_skip_verify = false});
  return made ? *made : nullptr;
}

TEST(emulator_tls, a_client_that_trusts_the_authority_is_served) {
  const test::certificate_authority authority;
  bench console(served_with(authority.issue({.common_name = "console", .names = {"IP:127.0.0.1"}})),
                trusting(authority));
  EXPECT_TRUE(console.server().gateway_url().starts_with("https://127.0.0.1:"));
  EXPECT_TRUE(console.server().admin_url().starts_with("http://")) << "the admin API stays plain";
  const auto made = console.create("ci");
  EXPECT_TRUE(console.is_live(made.at("token").get<std::string>()));
}

TEST(emulator_tls, a_client_of_another_authority_is_not) {
  const test::certificate_authority authority;
  const test::certificate_authority other;
  bench console(served_with(authority.issue({.common_name = "console", .names = {"IP:127.0.0.1"}})),
                trusting(other));
  EXPECT_EQ(console.get("/organization/list").failure, api_errc::unreachable);
  EXPECT_EQ(console.admin(net::http_method::get, "/calls").body.at("total"), 0);
}

TEST(emulator_tls, a_cut_reply_is_lost_over_tls_too) {
  const test::certificate_authority authority;
  bench console(served_with(authority.issue({.common_name = "console", .names = {"IP:127.0.0.1"}})),
                trusting(authority));
  for (const char* when : {"after_commit", "mid_reply"}) {
    console.order_fault({{"operation", "createServiceAccount"}, {"cut", when}});
    const json body = {{"name", when}, {"expired_in", nullptr}};
    EXPECT_EQ(console.post("/serviceaccount/token/create", body).failure, api_errc::connection_lost) << when;
  }
  EXPECT_EQ(console.accounts().size(), 2U);
}

TEST(emulator_tls, a_key_that_does_not_fit_is_refused_at_the_start) {
  const test::certificate_authority authority;
  const auto one = authority.issue({.common_name = "one"});
  const auto two = authority.issue({.common_name = "two"});
  const auto mixed = make_server_tls(one.certificate_pem, two.key_pem);
  ASSERT_FALSE(mixed);
  EXPECT_NE(mixed.error().message.find("key"), std::string::npos);
  EXPECT_FALSE(make_server_tls("no PEM", two.key_pem));
}

}  // namespace
}  // namespace platformer::emulator
