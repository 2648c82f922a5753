// The probe server over loopback connections: keep-alive, limits, slow clients, its end.
#include "app/probe_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "tests/unit/app/probe_client.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::unique_ptr<probe_server> serve(boost::asio::io_context& io, probe_limits limits = {}) {
  probe_handlers handlers{
      .live = {},
      .ready = [] { return std::vector<check_result>{{.name = "sync", .failure = "not yet"}}; },
      .metrics = [] { return std::string("up 1\n"); }};
  return std::move(
      probe_server::listen(io.get_executor(), {"127.0.0.1", 0}, std::move(handlers), limits).value());
}

std::string ask(boost::asio::io_context& io, const probe_server& server, std::string_view request) {
  probe_client asking(io, server);
  asking.send(request);
  return asking.read_all();
}

constexpr std::string_view live = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(probe_server, says_which_port_it_got) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  EXPECT_NE(server->port(), 0);
  EXPECT_EQ(to_string(server->address()), "127.0.0.1:" + std::to_string(server->port()));
}

TEST(probe_server, an_address_in_use_is_an_error_with_address_and_reason) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  const auto second = probe_server::listen(io.get_executor(), server->address(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "can't listen on 127.0.0.1:" + std::to_string(server->port()) + ": Address already in use");
}

TEST(probe_server, an_address_of_nobody_is_an_error_with_address_and_reason) {
  boost::asio::io_context io{1};
  const auto server = probe_server::listen(io.get_executor(), {"192.0.2.1", 8080}, {});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message, "can't listen on 192.0.2.1:8080: Cannot assign requested address");
  EXPECT_FALSE(probe_server::listen(io.get_executor(), {"nonsense", 0}, {}));
}

TEST(probe_server, answers_a_probe) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  const std::string reply = ask(io, *server, "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(reply, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Length: 2\r\n"),
                           HasSubstr("Connection: close\r\n"), EndsWith("\r\n\r\nok")));
  EXPECT_THAT(
      ask(io, *server, "GET /readyz HTTP/1.0\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 503 Service Unavailable\r\n"), HasSubstr("[-]sync failed: not yet\n")));
  EXPECT_THAT(ask(io, *server, "GET /metrics HTTP/1.0\r\n\r\n"), EndsWith("\r\n\r\nup 1\n"));
  EXPECT_THAT(ask(io, *server, "DELETE /metrics HTTP/1.0\r\n\r\n"), HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

TEST(probe_server, a_head_request_gets_no_body) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  EXPECT_THAT(ask(io, *server, "HEAD /metrics HTTP/1.0\r\n\r\n"),
              AllOf(HasSubstr("Content-Length: 5\r\n"), EndsWith("\r\n\r\n")));
}

TEST(probe_server, a_connection_is_used_again_and_requests_may_be_pipelined) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  probe_client asking(io, *server);
  for (int i = 0; i < 3; ++i) {
    asking.send(live);
    EXPECT_THAT(asking.read_until("\r\n\r\nok"), HasSubstr("Connection: keep-alive"));
  }
  asking.send(std::string(live) + "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(asking.read_until("up 1\n"), HasSubstr("\r\n\r\nokHTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(server->connections(), 1U);
}

TEST(probe_server, a_request_may_arrive_byte_by_byte) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  probe_client asking(io, *server);
  for (const char character : live) {
    asking.send(std::string_view(&character, 1));
    io.restart();
    io.poll();
  }
  EXPECT_THAT(asking.read_until("\r\n\r\nok"), StartsWith("HTTP/1.1 200 OK"));
}

TEST(probe_server, bodies_are_refused) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  for (const char* request :
       {"POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nhello",
        "GET /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    probe_client asking(io, *server);
    asking.send(request);
    EXPECT_THAT(asking.read_until("here\n"), StartsWith("HTTP/1.1 413 ")) << request;
  }
  EXPECT_THAT(ask(io, *server, "GET /livez HTTP/1.0\r\nContent-Length: 0\r\n\r\n"),
              StartsWith("HTTP/1.1 200 "));
}

TEST(probe_server, headers_beyond_the_limit_are_refused_and_the_reply_arrives) {
  boost::asio::io_context io{1};
  const auto server = serve(io, {.deadline = 100ms});
  for (const std::size_t size : {8U * 1024, 20U * 1024, 200U * 1024}) {
    probe_client asking(io, *server);
    asking.send("GET /livez HTTP/1.1\r\nHost: x\r\nX: " + std::string(size, 'x') + "\r\n\r\n");
    EXPECT_THAT(asking.read_until("large\n"), StartsWith("HTTP/1.1 431 ")) << size;
  }
  EXPECT_THAT(ask(io, *server, "GET /livez HTTP/1.0\r\nX: " + std::string(7 * 1024, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 200 "));
}

TEST(probe_server, what_is_no_http_is_refused) {
  boost::asio::io_context io{1};
  const auto server = serve(io, {.deadline = 100ms});
  EXPECT_THAT(ask(io, *server, "\x16\x03\x01 hello, this is TLS\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask(io, *server, "GET /livez HTTP/7.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST(probe_server, a_client_that_drips_is_cut_off_at_the_deadline) {
  boost::asio::io_context io{1};
  const auto server = serve(io, {.deadline = 50ms});
  probe_client silent(io, *server);
  EXPECT_EQ(silent.read_all(), "");
  probe_client slow(io, *server);
  slow.send("GET /livez HTT");
  EXPECT_EQ(slow.read_all(), "");
  probe_client idle(io, *server);
  idle.send(live);
  EXPECT_THAT(idle.read_all(), EndsWith("\r\n\r\nok"));
  EXPECT_EQ(server->connections(), 0U);
}

TEST(probe_server, a_client_that_does_not_take_its_reply_is_cut_off_at_the_deadline) {
  boost::asio::io_context io{1};
  const std::string large(64 * 1024 * 1024, 'x');  // more than the kernel buffers
  auto server =
      probe_server::listen(io.get_executor(), {"127.0.0.1", 0},
                           {.live = {}, .ready = {}, .metrics = [&] { return large; }}, {.deadline = 50ms});
  ASSERT_TRUE(server);
  probe_client lazy(io, **server);
  lazy.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  bool seen = false;
  while (!seen || (*server)->connections() != 0) {
    io.restart();
    ASSERT_NE(io.run_one_for(10s), 0U);
    seen = seen || (*server)->connections() != 0;
  }
}

TEST(probe_server, idle_connections_make_room_the_oldest_first) {
  boost::asio::io_context io{1};
  const auto server = serve(io, {.connections = 2});
  probe_client first(io, *server);
  probe_client second(io, *server);
  first.send(live);
  EXPECT_THAT(first.read_until("\r\n\r\nok"), StartsWith("HTTP/1.1 200 "));
  second.send(live);
  EXPECT_THAT(second.read_until("\r\n\r\nok"), StartsWith("HTTP/1.1 200 "));
  probe_client third(io, *server);
  third.send(live);
  EXPECT_THAT(third.read_until("\r\n\r\nok"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(first.read_all(), "");
  EXPECT_EQ(server->connections(), 2U);
  second.send(live);
  EXPECT_THAT(second.read_until("\r\n\r\nok"), StartsWith("HTTP/1.1 200 "));
}

TEST(probe_server, many_idle_connections_never_exceed_the_limit_nor_keep_a_probe_out) {
  boost::asio::io_context io{1};
  const auto server = serve(io);
  std::vector<std::unique_ptr<probe_client>> idle;
  for (int i = 0; i < 100; ++i) {
    idle.push_back(std::make_unique<probe_client>(io, *server));
    io.restart();
    io.poll();
    EXPECT_LE(server->connections(), 32U);
  }
  EXPECT_THAT(ask(io, *server, "GET /livez HTTP/1.0\r\n\r\n"), EndsWith("\r\n\r\nok"));
}

TEST(probe_server, stop_ends_connections_and_the_loop) {
  boost::asio::io_context io{1};
  auto server = serve(io);
  probe_client asking(io, *server);
  asking.send(live);
  EXPECT_THAT(asking.read_until("\r\n\r\nok"), StartsWith("HTTP/1.1 200 "));
  server->stop();
  EXPECT_EQ(asking.read_all(), "");
  EXPECT_EQ(server->connections(), 0U);
  server.reset();
  io.restart();
  io.run();  // ends: nothing is left
}

TEST(probe_server, a_loop_that_ends_first_takes_the_server_along) {
  auto io = std::make_unique<boost::asio::io_context>(1);
  auto server = serve(*io);
  {
    probe_client asking(*io, *server);
    asking.send("GET /livez");
    io->poll();
  }
  server.reset();
  io.reset();
}

TEST(probe_server, listens_on_ipv6_where_there_is_any) {
  boost::asio::io_context io{1};
  auto server = probe_server::listen(io.get_executor(), {"::1", 0}, {});
  if (!server) GTEST_SKIP() << server.error().message;
  EXPECT_EQ(to_string((*server)->address()), "[::1]:" + std::to_string((*server)->port()));
  EXPECT_THAT(ask(io, **server, "GET /livez HTTP/1.0\r\n\r\n"), EndsWith("\r\n\r\nok"));
}

}  // namespace
}  // namespace platformer::app
