// A client may be closed or destroyed, and a caller cancelled, at any moment of a request.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

TEST(lifetime, close_before_sending_is_cancelled) {
  loop on;
  scripted_server server(on.executor(), {{test::hold()}});
  const auto tls = tls_context::make({});
  http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *tls);  // hangs in TLS
  const auto pending = on.start(client.send(get("/", 1h)));
  on.run_until([&] { return server.connections() == 1; });
  client.close();
  on.run_until([&] { return pending->has_value(); });
  EXPECT_EQ(told(**pending), "cancelled");
}

TEST(lifetime, close_after_sending_is_a_lost_connection) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr);
  const auto pending = on.start(client.send(post("{}")));
  on.run_until([&] { return server.requests().size() == 1; });
  client.close();
  on.run_until([&] { return pending->has_value(); });
  EXPECT_EQ(told(**pending), "connection lost");
}

TEST(lifetime, close_ends_those_who_wait_for_a_turn) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr, {.connections = 1});
  const auto first = on.start(client.send(get("/", 1h)));
  const auto second = on.start(client.send(get("/", 1h)));
  const auto third = on.start(client.send(get("/", 1h)));
  on.run_until([&] { return server.requests().size() == 1; });
  client.close();
  on.run_until([&] { return first->has_value() && second->has_value() && third->has_value(); });
  EXPECT_EQ(told(**first), "connection lost");
  EXPECT_EQ(told(**second), "cancelled");
  EXPECT_EQ(told(**third), "cancelled");
  EXPECT_EQ(client.stats().in_use, 0U);
}

TEST(lifetime, a_closed_client_sends_nothing) {
  loop on;
  scripted_server server(on.executor(),
                         {{test::read_request(), test::reply(test::plain_reply(200, "x")), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr);
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  client.close();
  client.close();
  EXPECT_EQ(client.stats().idle, 0U);
  EXPECT_EQ(told(on.run(client.send(get()))), "cancelled");
  const auto opened = on.run(client.open(get()));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, api_errc::cancelled);
}

TEST(lifetime, the_client_may_be_destroyed_at_every_step_of_a_request) {
  const certificate_authority authority;
  const test::server_identity identity{.own = authority.issue({.names = {"DNS:localhost"}})};
  const auto tls = tls_context::make({.ca_pem = authority.certificate_pem()});
  bool ended_by_itself = false;
  for (int steps = 0; !ended_by_itself; ++steps) {
    ASSERT_LT(steps, 1000);
    loop on;
    scripted_server server(on.executor(),
                           {{test::read_request(), test::reply(test::plain_reply(200, "x")), test::hold()}},
                           identity);
    const endpoint target{.host = "localhost", .port = server.port()};
    auto client = std::make_unique<http_client>(on.executor(), target, *tls);
    const auto pending = on.start(client->send(get()));
    for (int i = 0; i < steps && !pending->has_value(); ++i)
      on.io.run_one_for(long_enough);
    ended_by_itself = pending->has_value();
    client.reset();
    on.run_until([&] { return pending->has_value(); });
    const std::string outcome = told(**pending);
    if (ended_by_itself) {
      EXPECT_EQ(outcome, "200 x");
    } else {
      EXPECT_TRUE(outcome == "cancelled" || outcome.starts_with("connection lost") || outcome == "200 x")
          << outcome;
    }
  }
}

TEST(lifetime, everything_may_be_destroyed_at_every_step_of_a_request) {
  bool ended_by_itself = false;
  for (int steps = 0; !ended_by_itself; ++steps) {
    ASSERT_LT(steps, 1000);
    loop on;
    scripted_server server(on.executor(), {{test::read_request(), test::reply(test::plain_reply(200, "x"))}});
    http_client client(on.executor(), plain(server), nullptr, {.connections = 1});
    const auto first = on.start(client.send(get()));
    const auto second = on.start(client.send(get()));
    for (int i = 0; i < steps && !second->has_value(); ++i)
      on.io.run_one_for(long_enough);
    ended_by_itself = second->has_value();
  }
}

TEST(lifetime, a_cancelled_caller_gets_no_exception_from_us_and_frees_its_turn) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::hold()},
                                         {test::read_request(), test::reply(test::plain_reply(200, "x"))}});
  http_client client(on.executor(), plain(server), nullptr, {.connections = 1});
  boost::asio::cancellation_signal stop;
  std::optional<reply_result> outcome;
  boost::asio::co_spawn(
      on.io, client.send(get("/", 1h)),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr failed, reply_result got) {
        EXPECT_FALSE(failed);
        outcome.emplace(std::move(got));
      }));
  on.run_until([&] { return server.requests().size() == 1; });
  stop.emit(boost::asio::cancellation_type::terminal);
  on.run_until([&] { return outcome.has_value(); });
  EXPECT_EQ(told(*outcome), "connection lost");
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
}

}  // namespace
}  // namespace platformer::net
