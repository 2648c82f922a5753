// Who is let in: a server's certificate must be trusted, valid and for the name that was asked for, before a
// byte of the request goes out.
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

struct world {
  loop on;
  certificate_authority authority;
  test::server_identity identity{.own = authority.issue({.names = {"DNS:localhost", "IP:127.0.0.1"}})};
  tls_settings settings{.ca_pem = authority.certificate_pem()};
  std::string host = "127.0.0.1";
  std::string server_name{};
  script todo = {test::read_request(), test::reply(test::plain_reply(200, "secure")), test::hold()};

  reply_result outcome() {
    scripted_server server(on.executor(), {todo}, identity);
    auto tls = tls_context::make(settings);
    const endpoint target{.host = host, .port = server.port(), .server_name = server_name};
    http_client client(on.executor(), target, *tls);
    auto result = on.run(client.send(get()));
    if (told(result) == "unreachable") {
      EXPECT_TRUE(server.requests().empty());
    }
    return result;
  }
};

void expect_refused(world& with, const std::string& why) {
  const auto outcome = with.outcome();
  EXPECT_EQ(told(outcome), "unreachable");
  EXPECT_NE(message_of(outcome).find(why), std::string::npos) << message_of(outcome);
}

TEST(tls, a_good_certificate_for_an_address_is_accepted) {
  world with;
  EXPECT_EQ(told(with.outcome()), "200 secure");
}

TEST(tls, a_good_certificate_for_a_name_is_accepted) {
  world with;
  with.host = "localhost";
  EXPECT_EQ(told(with.outcome()), "200 secure");
}

TEST(tls, the_server_name_counts_instead_of_the_host) {
  world with;
  with.server_name = "localhost";
  EXPECT_EQ(told(with.outcome()), "200 secure");
  with.server_name = "localhost.";
  EXPECT_EQ(told(with.outcome()), "200 secure");
  with.server_name = "elsewhere.example";
  expect_refused(with, "the server's certificate is not for elsewhere.example");
}

TEST(tls, a_certificate_for_another_name_is_refused) {
  world with;
  with.identity.own = with.authority.issue({.names = {"DNS:other.example"}});
  with.host = "localhost";
  expect_refused(with, "the server's certificate is not for localhost");
}

TEST(tls, a_certificate_for_another_address_is_refused) {
  world with;
  with.identity.own = with.authority.issue({.names = {"IP:127.0.0.2", "DNS:127.0.0.1"}});
  expect_refused(with, "the server's certificate is not for 127.0.0.1");
}

TEST(tls, the_common_name_is_no_host_name) {
  world with;
  with.identity.own = with.authority.issue({.common_name = "localhost"});
  with.host = "localhost";
  expect_refused(with, "not for localhost");
}

TEST(tls, a_wildcard_stands_for_one_label) {
  world with;
  with.identity.own = with.authority.issue({.names = {"DNS:*.example.com"}});
  with.server_name = "api.example.com";
  EXPECT_EQ(told(with.outcome()), "200 secure");
  with.server_name = "a.api.example.com";
  expect_refused(with, "not for a.api.example.com");
  with.server_name = "example.com";
  expect_refused(with, "not for example.com");
}

TEST(tls, an_unknown_authority_is_refused) {
  world with;
  with.settings.ca_pem = certificate_authority().certificate_pem();
  expect_refused(with, "not trusted");
  with.settings.ca_pem.clear();  // the system's trust store
  expect_refused(with, "not trusted");
}

TEST(tls, an_expired_certificate_is_refused) {
  world with;
  with.identity.own = with.authority.issue({.names = {"IP:127.0.0.1"}, .expired = true});
  expect_refused(with, "certificate has expired");
}

TEST(tls, a_certificate_that_is_not_valid_yet_is_refused) {
  world with;
  with.identity.own = with.authority.issue({.names = {"IP:127.0.0.1"}, .not_yet_valid = true});
  expect_refused(with, "certificate is not yet valid");
}

TEST(tls, a_certificate_signed_by_its_own_key_is_refused) {
  world with;
  with.identity.own = with.authority.issue({.names = {"IP:127.0.0.1"}, .self_signed = true});
  expect_refused(with, "not trusted");
}

TEST(tls, a_certificate_of_the_bundle_itself_is_an_anchor) {
  world with;
  with.settings.ca_pem = with.identity.own.certificate_pem;
  EXPECT_EQ(told(with.outcome()), "200 secure");
}

TEST(tls, insecure_skip_verify_accepts_anything) {
  world with;
  with.identity.own = certificate_authority().issue({.names = {"DNS:other.example"}, .expired = true});
  with.settings.insecure_skip_verify = true;
  EXPECT_EQ(told(with.outcome()), "200 secure");
}

TEST(tls, versions_before_1_2_are_refused) {
  world with;
  with.identity.only_tls_1_1 = true;
  EXPECT_EQ(told(with.outcome()), "unreachable");
  with.settings.insecure_skip_verify = true;
  EXPECT_EQ(told(with.outcome()), "unreachable");
}

// The version that a client of low standards agrees on with the server.
boost::asio::awaitable<std::string> version_agreed(std::uint16_t port) {
  namespace ssl = boost::asio::ssl;
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_security_level(context.native_handle(), 0);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
  ssl::stream<boost::asio::ip::tcp::socket> stream(co_await boost::asio::this_coro::executor, context);
  const boost::asio::ip::tcp::endpoint server(boost::asio::ip::address_v4::loopback(), port);
  co_await stream.lowest_layer().async_connect(server, boost::asio::use_awaitable);
  co_await stream.async_handshake(ssl::stream_base::client, boost::asio::use_awaitable);
  co_return SSL_get_version(stream.native_handle());
}

TEST(tls, that_old_server_would_serve_others) {
  world with;
  with.identity.only_tls_1_1 = true;
  scripted_server server(with.on.executor(), {{test::hold()}}, with.identity);
  EXPECT_EQ(with.on.run(version_agreed(server.port())), "TLSv1.1");
}

TEST(tls, a_server_without_tls_is_unreachable) {
  loop on;
  scripted_server server(on.executor(), {{test::reply(test::plain_reply(400, "speak plain")), test::hold()}});
  const auto tls = tls_context::make({});
  http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *tls);
  EXPECT_EQ(told(on.run(client.send(get()))), "unreachable");
}

TEST(tls, a_server_that_closes_during_the_handshake_is_unreachable) {
  loop on;
  scripted_server server(on.executor(), {{test::reset()}});
  const auto tls = tls_context::make({});
  http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *tls);
  EXPECT_EQ(told(on.run(client.send(get()))), "unreachable");
}

TEST(tls, plain_http_to_a_tls_server_is_no_reply) {
  world with;
  scripted_server server(with.on.executor(), {with.todo}, with.identity);
  http_client client(with.on.executor(), plain(server), nullptr);
  const auto outcome = with.on.run(client.send(get()));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_TRUE(may_be_committed(outcome.error().code)) << told(outcome);
}

TEST(tls, settings_are_needed_for_a_tls_endpoint) {
  world with;
  scripted_server server(with.on.executor(), {with.todo}, with.identity);
  http_client client(with.on.executor(), {.host = "127.0.0.1", .port = server.port()}, nullptr);
  EXPECT_EQ(told(with.on.run(client.send(get()))), "unreachable");
}

TEST(tls, a_client_certificate_is_shown) {
  world with;
  const certificate_authority clients;
  const auto own = clients.issue({.common_name = "operator"});
  with.identity.client_ca_pem = clients.certificate_pem();
  with.settings.certificate_pem = own.certificate_pem;
  with.settings.key_pem = std::make_shared<const secret_string>(own.key_pem);
  EXPECT_EQ(told(with.outcome()), "200 secure");
}

TEST(tls, a_missing_or_foreign_client_certificate_is_unreachable_since_nothing_was_served) {
  world with;
  with.identity.client_ca_pem = certificate_authority().certificate_pem();
  const auto missing = with.outcome();
  EXPECT_EQ(told(missing), "unreachable") << message_of(missing);
  const auto own = with.authority.issue({.common_name = "stranger"});
  with.settings.certificate_pem = own.certificate_pem;
  with.settings.key_pem = std::make_shared<const secret_string>(own.key_pem);
  const auto foreign = with.outcome();
  EXPECT_EQ(told(foreign), "unreachable") << message_of(foreign);
}

}  // namespace
}  // namespace platformer::net
