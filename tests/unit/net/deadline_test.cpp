// Whatever a server holds back, a request ends at its deadline, and the outcome says whether it had been
// sent.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

// A port whose connections are never completed: its accept queue is full.
class full_backlog {
 public:
  full_backlog() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address_), sizeof address_);
    ::listen(listener_, 0);
    socklen_t size = sizeof address_;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address_), &size);
    for (int i = 0; i < 4; ++i) {
      const int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      ::connect(filler, reinterpret_cast<sockaddr*>(&address_), sizeof address_);
      fillers_.push_back(filler);
    }
  }
  full_backlog(const full_backlog&) = delete;
  full_backlog& operator=(const full_backlog&) = delete;
  ~full_backlog() {
    for (const int filler : fillers_)
      ::close(filler);
    ::close(listener_);
  }
  std::uint16_t port() const { return ntohs(address_.sin_port); }

 private:
  int listener_ = -1;
  std::vector<int> fillers_;
  sockaddr_in address_{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
};

std::string outcome_of(script todo, duration deadline = short_time) {
  loop on;
  scripted_server server(on.executor(), {std::move(todo)});
  http_client client(on.executor(), plain(server), nullptr);
  const auto outcome = told(on.run(client.send(get("/", deadline))));
  EXPECT_EQ(client.stats().idle, 0U);
  EXPECT_EQ(client.stats().in_use, 0U);
  return outcome;
}

TEST(deadline, a_refused_connection_is_unreachable) {
  loop on;
  endpoint nobody{.tls = false, .host = "127.0.0.1", .port = 1};
  {
    const scripted_server gone(on.executor(), {{test::hold()}});
    nobody.port = gone.port();
  }
  http_client client(on.executor(), nobody, nullptr);
  const auto outcome = on.run(client.send(get()));
  EXPECT_EQ(told(outcome), "unreachable");
  EXPECT_NE(message_of(outcome).find("Connection refused"), std::string::npos);
  EXPECT_EQ(client.stats().requests_sent, 0U);
}

TEST(deadline, while_connecting_is_unreachable) {
  loop on;
  const full_backlog silent;
  http_client client(on.executor(), {.tls = false, .host = "127.0.0.1", .port = silent.port()}, nullptr);
  EXPECT_EQ(told(on.run(client.send(get("/", short_time)))), "unreachable");
}

TEST(deadline, of_connecting_may_be_shorter_than_the_requests) {
  loop on;
  const full_backlog silent;
  http_client client(on.executor(), {.tls = false, .host = "127.0.0.1", .port = silent.port()}, nullptr,
                     {.connect_timeout = short_time});
  EXPECT_EQ(told(on.run(client.send(get("/", 1h)))), "unreachable");
}

TEST(deadline, while_the_tls_handshake_hangs_is_unreachable) {
  loop on;
  scripted_server server(on.executor(), {{test::hold()}});
  const auto tls = tls_context::make({});
  http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *tls);
  EXPECT_EQ(told(on.run(client.send(get("/", short_time)))), "unreachable");
  EXPECT_EQ(client.stats().requests_sent, 0U);
}

TEST(deadline, while_waiting_for_a_reply_is_timeout) {
  EXPECT_EQ(outcome_of({test::read_request(), test::hold()}), "timeout");
}

TEST(deadline, within_a_head_or_a_body_is_timeout) {
  EXPECT_EQ(outcome_of({test::reply("HTTP/1.1 200 OK\r\nContent-Le"), test::hold()}), "timeout");
  EXPECT_EQ(outcome_of({test::reply("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), test::hold()}),
            "timeout after 200");
}

TEST(deadline, is_not_moved_by_a_server_that_drips) {
  EXPECT_EQ(outcome_of({test::drip(test::plain_reply(200, std::string(1000, 'x')), 5ms)}).substr(0, 7),
            "timeout");
}

TEST(deadline, leaves_a_slow_but_fast_enough_reply_alone) {
  EXPECT_EQ(
      outcome_of({test::read_request(), test::drip("HTTP/1.1 204 Slow\r\nConnection: close\r\n\r\n", 1ms)},
                 long_enough),
      "204 ");
}

TEST(deadline, while_sending_is_timeout) {
  loop on;
  // Nobody reads on the other side: the kernel takes the connection and some of the bytes, then no more.
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::listen(listener, 4);
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  http_client client(on.executor(), {.tls = false, .host = "127.0.0.1", .port = ntohs(address.sin_port)},
                     nullptr);
  http_request request = post(std::string(16U * 1024 * 1024, 'x'));
  request.deadline = short_time;
  EXPECT_EQ(told(on.run(client.send(std::move(request)))), "timeout");
  ::close(listener);
}

TEST(deadline, that_has_passed_already_is_unreachable) {
  loop on;
  scripted_server server(on.executor(),
                         {{test::read_request(), test::reply(test::plain_reply(200, "")), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr);
  EXPECT_EQ(told(on.run(client.send(get("/", -1s)))), "unreachable");
  EXPECT_EQ(client.stats().requests_sent, 0U);
  EXPECT_EQ(told(on.run(client.send(get()))), "200 ");
  EXPECT_EQ(client.stats().idle, 1U);
  EXPECT_EQ(told(on.run(client.send(get("/", -1s)))), "unreachable");
  EXPECT_EQ(client.stats().requests_sent, 1U);
}

TEST(deadline, for_the_head_of_a_stream_is_timeout) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr);
  const auto opened = on.run(client.open(get("/", short_time)));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, api_errc::timeout);
}

}  // namespace
}  // namespace platformer::net
