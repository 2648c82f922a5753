// Through a proxy: a CONNECT tunnel for https, the absolute form for http.
#include <gtest/gtest.h>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

constexpr const char* established = "HTTP/1.1 200 Connection established\r\n\r\n";

endpoint behind(const scripted_server& proxy_server, bool tls, std::string authorization = "") {
  return {.tls = tls,
          .host = "api.example.com",
          .port = tls ? std::uint16_t{443} : std::uint16_t{8080},
          .via = proxy{
              .host = "127.0.0.1", .port = proxy_server.port(), .authorization = std::move(authorization)}};
}

// Proxy and server in one: after the tunnel's reply, TLS begins on the same connection.
struct tunnel {
  loop on;
  certificate_authority authority;
  test::server_identity identity{.own = authority.issue({.names = {"DNS:api.example.com"}})};
  std::shared_ptr<tls_context> tls = *tls_context::make({.ca_pem = authority.certificate_pem()});

  reply_result outcome(script todo, std::vector<std::string>& requests, duration deadline = long_enough) {
    scripted_server server(on.executor(), {std::move(todo)}, identity, false);
    http_client client(on.executor(), behind(server, true, "Basic cHc="), tls);
    auto outcome = on.run(client.send(get("/x", deadline)));
    requests = server.requests();
    return outcome;
  }
};

TEST(proxy, a_tunnel_carries_tls_to_the_named_server) {
  tunnel through;
  std::vector<std::string> requests;
  const script todo = {test::read_request(),
                       test::reply(established),
                       test::start_tls(),
                       test::read_request(),
                       test::reply(test::plain_reply(200, "inside")),
                       test::hold()};
  EXPECT_EQ(told(through.outcome(todo, requests)), "200 inside");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0],
            "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\nProxy-Authorization: Basic "
            "cHc=\r\n\r\n");
  EXPECT_EQ(requests[1], "GET /x HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
}

TEST(proxy, a_tunnels_reply_has_no_body_whatever_it_says) {
  tunnel through;
  std::vector<std::string> requests;
  const script todo = {test::read_request(),
                       test::reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                       test::start_tls(),
                       test::read_request(),
                       test::reply(test::plain_reply(200, "inside")),
                       test::hold()};
  EXPECT_EQ(told(through.outcome(todo, requests)), "200 inside");
}

TEST(proxy, that_refuses_makes_the_server_unreachable) {
  for (const int status : {403, 407, 502, 302}) {
    tunnel through;
    std::vector<std::string> requests;
    const auto outcome =
        through.outcome({test::read_request(), test::reply(test::plain_reply(status, "no"))}, requests);
    EXPECT_EQ(told(outcome), "unreachable");
    EXPECT_NE(message_of(outcome).find("the proxy refused the tunnel: " + std::to_string(status)),
              std::string::npos);
    EXPECT_EQ(requests.size(), 1U);
  }
}

TEST(proxy, that_breaks_hangs_or_babbles_makes_the_server_unreachable) {
  tunnel through;
  std::vector<std::string> requests;
  EXPECT_EQ(told(through.outcome({test::read_request()}, requests)), "unreachable");
  EXPECT_EQ(told(through.outcome({test::read_request(), test::reply("garbage\r\n\r\n")}, requests)),
            "unreachable");
  EXPECT_EQ(told(through.outcome({test::read_request(), test::reply(std::string(40'000, 'x'))}, requests)),
            "unreachable");
  EXPECT_EQ(
      told(through.outcome(
          {test::read_request(), test::reply(std::string(established) + "early"), test::hold()}, requests)),
      "unreachable");
  EXPECT_EQ(told(through.outcome({test::read_request(), test::hold()}, requests, short_time)), "unreachable");
  EXPECT_EQ(told(through.outcome({test::read_request(), test::reply(established), test::hold()}, requests,
                                 short_time)),
            "unreachable");
}

TEST(proxy, for_plain_http_gets_the_absolute_form) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::reply(test::plain_reply(200, "x"))}});
  http_client client(on.executor(), behind(server, false, "Basic cHc="), nullptr);
  EXPECT_EQ(told(on.run(client.send(get("/x?y")))), "200 x");
  EXPECT_EQ(server.requests().at(0),
            "GET http://api.example.com:8080/x?y HTTP/1.1\r\nHost: api.example.com:8080\r\n"
            "Proxy-Authorization: Basic cHc=\r\n\r\n");
}

}  // namespace
}  // namespace platformer::net
