// Connections are kept, bounded, waited for, and never used after their peer has closed them.
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

const std::string fine = test::plain_reply(200, "x");

script answers(int count) {
  script todo;
  for (int i = 0; i < count; ++i) {
    todo.push_back(test::read_request());
    todo.push_back(test::reply(fine));
  }
  todo.push_back(test::hold());
  return todo;
}

TEST(pool, one_connection_serves_one_request_after_the_other) {
  loop on;
  scripted_server server(on.executor(), {answers(20)});
  http_client client(on.executor(), plain(server), nullptr);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(client.stats().connections_opened, 1U);
  EXPECT_EQ(client.stats().requests_sent, 20U);
  EXPECT_EQ(client.stats().idle, 1U);
  EXPECT_EQ(client.stats().in_use, 0U);
}

TEST(pool, opens_no_more_than_its_limit_and_the_rest_wait_their_turn) {
  loop on;
  scripted_server server(on.executor(), {answers(30)});
  http_client client(on.executor(), plain(server), nullptr, {.connections = 3});
  std::vector<int> order;
  const auto numbered = [](http_client& with, int number,
                           std::vector<int>& log) -> boost::asio::awaitable<reply_result> {
    auto outcome = co_await with.send(get());
    log.push_back(number);
    co_return outcome;
  };
  std::vector<std::shared_ptr<std::optional<reply_result>>> pending;
  for (int i = 0; i < 30; ++i)
    pending.push_back(on.start(numbered(client, i, order)));
  std::size_t most = 0;
  on.run_until([&] {
    most = std::max(most, client.stats().in_use);
    return order.size() == 30;
  });
  for (const auto& outcome : pending)
    EXPECT_EQ(told(**outcome), "200 x");
  EXPECT_EQ(most, 3U);
  EXPECT_EQ(client.stats().connections_opened, 3U);
  EXPECT_EQ(client.stats().in_use, 0U);
  // Three at a time, so nobody is ever more than two places from where it began.
  for (int i = 0; i < 30; ++i)
    EXPECT_LE(std::abs(order[static_cast<std::size_t>(i)] - i), 2);
}

TEST(pool, waiting_beyond_the_deadline_is_unreachable) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr, {.connections = 1});
  const auto first = on.start(client.send(get("/", 1h)));
  on.run_until([&] { return server.requests().size() == 1; });
  const auto second = on.run(client.send(get("/", short_time)));
  EXPECT_EQ(told(second), "unreachable");
  EXPECT_NE(message_of(second).find("all connections are in use"), std::string::npos);
  EXPECT_EQ(client.stats().requests_sent, 1U);
  EXPECT_FALSE(first->has_value());
}

TEST(pool, a_turn_passes_on_when_its_request_fails) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request()}, {test::read_request()}, answers(1)});
  http_client client(on.executor(), plain(server), nullptr, {.connections = 1});
  const auto a = on.start(client.send(get()));
  const auto b = on.start(client.send(get()));
  const auto c = on.start(client.send(get()));
  on.run_until([&] { return a->has_value() && b->has_value() && c->has_value(); });
  EXPECT_EQ(told(**a), "connection lost");
  EXPECT_EQ(told(**b), "connection lost");
  EXPECT_EQ(told(**c), "200 x");
}

TEST(pool, an_idle_connection_that_the_peer_closed_is_not_used) {
  loop on;
  bool closed = false;
  scripted_server server(
      on.executor(),
      {{test::read_request(), test::reply(fine), test::notify([&] { closed = true; })}, answers(1)});
  http_client client(on.executor(), plain(server), nullptr);
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  EXPECT_EQ(client.stats().idle, 1U);
  on.run_until([&] { return closed; });  // the close follows in the same turn of the server
  EXPECT_EQ(told(on.run(client.send(post("{}")))), "200 x");
  EXPECT_EQ(client.stats().connections_opened, 2U);
}

TEST(pool, an_idle_tls_connection_that_the_peer_closed_is_not_used) {
  for (const bool politely : {true, false}) {
    loop on;
    const certificate_authority authority;
    bool closed = false;
    script first = {test::read_request(), test::reply(fine), test::notify([&] { closed = true; })};
    if (politely) first.insert(first.begin() + 2, test::end_tls());
    scripted_server server(on.executor(), {first, answers(1)},
                           test::server_identity{.own = authority.issue({.names = {"IP:127.0.0.1"}})});
    const auto tls = tls_context::make({.ca_pem = authority.certificate_pem()});
    http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *tls);
    EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
    on.run_until([&] { return closed; });
    EXPECT_EQ(told(on.run(client.send(post("{}")))), "200 x");
    EXPECT_EQ(client.stats().connections_opened, 2U);
  }
}

TEST(pool, bytes_that_nobody_asked_for_end_a_connection) {
  loop on;
  scripted_server server(
      on.executor(),
      {{test::read_request(), test::reply(fine + test::plain_reply(200, "planted")), test::hold()},
       answers(1)});
  http_client client(on.executor(), plain(server), nullptr);
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  EXPECT_EQ(client.stats().idle, 0U);
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
}

TEST(pool, a_connection_is_not_kept_against_the_replys_word) {
  for (const char* reply : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
                            "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"}) {
    loop on;
    scripted_server server(on.executor(), {{test::read_request(), test::reply(reply), test::hold()}});
    http_client client(on.executor(), plain(server), nullptr);
    EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
    EXPECT_EQ(client.stats().idle, 0U);
  }
}

TEST(pool, an_idle_connection_is_closed_after_its_time) {
  loop on;
  scripted_server server(on.executor(), {answers(1)});
  http_client client(on.executor(), plain(server), nullptr, {.idle_timeout = short_time});
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  EXPECT_EQ(client.stats().idle, 1U);
  on.run_until([&] { return client.stats().idle == 0; });
}

TEST(pool, new_tls_settings_drop_what_was_made_with_the_old_ones) {
  loop on;
  const certificate_authority authority;
  scripted_server server(on.executor(), {answers(2)},
                         test::server_identity{.own = authority.issue({.names = {"IP:127.0.0.1"}})});
  const auto good = tls_context::make({.ca_pem = authority.certificate_pem()});
  const auto bad = tls_context::make({.ca_pem = certificate_authority().certificate_pem()});
  http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *good);
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  client.replace_tls(*bad);
  EXPECT_EQ(client.stats().idle, 0U);
  EXPECT_EQ(told(on.run(client.send(get()))), "unreachable");
  client.replace_tls(*good);
  const auto under_way = on.start(client.send(get()));
  on.run_until([&] { return server.requests().size() == 2; });
  client.replace_tls(*good);
  on.run_until([&] { return under_way->has_value(); });
  EXPECT_EQ(told(**under_way), "200 x");
  EXPECT_EQ(client.stats().idle, 0U);
}

}  // namespace
}  // namespace platformer::net
