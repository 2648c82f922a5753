// Clients of the probe server that mean harm: they drip, they don't read, they ask without end. Probes go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "app/probe_server.hpp"
#include "tests/unit/app/probe_client.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t more_than_kernels_buffer = 32 * 1024 * 1024;
constexpr std::string_view scrape = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

struct served {
  explicit served(std::size_t text_bytes, probe_limits limits)
      : text(text_bytes, 'x'),
        server(probe_server::listen(io.get_executor(), {"127.0.0.1", 0},
                                    {.live = {},
                                     .ready = {},
                                     .metrics =
                                         [this] {
                                           ++asked;
                                           return text;
                                         }},
                                    limits)
                   .value()) {}

  // Lets the server do what it can do now.
  void turn() {
    io.restart();
    io.poll();
  }
  std::string probe() {
    probe_client asking(io, *server);
    asking.send("GET /livez HTTP/1.0\r\n\r\n");
    return asking.read_all();
  }
  // Until the loop has gone on for long enough; false when it does not come.
  template <class Condition>
  bool comes(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      io.restart();
      if (io.run_one_until(limit) == 0) return false;
    }
    return true;
  }

  boost::asio::io_context io{1};
  std::string text;
  int asked = 0;
  std::unique_ptr<probe_server> server;
};

TEST(probe_limits, a_client_that_keeps_dripping_is_cut_off_at_the_deadline_all_the_same) {
  served it(1, {.deadline = 200ms});
  probe_client dripping(it.io, *it.server);
  dripping.send("GET /livez HTTP/1.1\r\nX: ");
  ASSERT_TRUE(it.comes([&] { return it.server->connections() == 1; }));
  const auto begun = std::chrono::steady_clock::now();
  int drops = 0;
  while (it.server->connections() == 1 && std::chrono::steady_clock::now() < begun + 10s) {
    dripping.send("x");
    ++drops;
    it.io.restart();
    it.io.run_one_for(5ms);
  }
  EXPECT_EQ(it.server->connections(), 0U);
  EXPECT_GT(drops, 5);
}

TEST(probe_limits, more_dripping_clients_than_connections_keep_no_probe_out) {
  served it(1, {.connections = 4});
  std::vector<std::unique_ptr<probe_client>> dripping;
  for (int i = 0; i < 40; ++i) {
    dripping.push_back(std::make_unique<probe_client>(it.io, *it.server));
    for (const auto& each : dripping)
      each->send("X");
    it.turn();
    EXPECT_LE(it.server->connections(), 4U);
    if (i % 8 == 7) {
      EXPECT_THAT(it.probe(), EndsWith("\r\n\r\nok"));
    }
  }
}

TEST(probe_limits, a_client_that_asks_without_reading_is_answered_as_far_as_the_kernel_takes_it) {
  served it(512 * 1024, {.deadline = 100ms});
  probe_client greedy(it.io, *it.server);
  std::string many;
  for (int i = 0; i < 400; ++i)
    many += scrape;
  greedy.send(many);
  ASSERT_TRUE(it.comes([&] { return it.asked > 0; }));
  ASSERT_TRUE(it.comes([&] { return it.server->connections() == 0; }));
  EXPECT_LT(it.asked, 100);
}

TEST(probe_limits, replies_that_nobody_takes_fill_no_memory_and_keep_no_probe_out) {
  served it(more_than_kernels_buffer, {.reply_bytes = more_than_kernels_buffer + 1024, .deadline = 2s});
  probe_client lazy(it.io, *it.server);
  lazy.send(scrape);
  ASSERT_TRUE(it.comes([&] { return it.asked == 1; }));
  probe_client second(it.io, *it.server);
  second.send(scrape);
  EXPECT_THAT(second.read_until("under way\n"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(it.probe(), EndsWith("\r\n\r\nok"));
  // As soon as the first has its reply, there is room.
  EXPECT_EQ(lazy.read_until(std::string(1024, 'x')).substr(0, 12), "HTTP/1.1 200");
  ASSERT_TRUE(it.comes([&] { return it.server->connections() == 1; }));  // the lazy one, cut off
  second.send(scrape);
  EXPECT_THAT(second.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST(probe_limits, many_small_headers_are_as_much_too_large_as_one) {
  served it(1, {.deadline = 100ms});
  std::string request = "GET /livez HTTP/1.1\r\n";
  for (int i = 0; i < 100'000; ++i)
    request += "A: b\r\n";
  probe_client asking(it.io, *it.server);
  asking.send(request + "\r\n");
  EXPECT_THAT(asking.read_until("large\n"), StartsWith("HTTP/1.1 431 "));
}

TEST(probe_limits, a_request_within_a_refused_body_is_not_answered) {
  served it(1, {.deadline = 100ms});
  for (const std::string how : {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
    probe_client smuggling(it.io, *it.server);
    smuggling.send("GET /livez HTTP/1.1\r\nHost: x\r\n" + how + "\r\n\r\n" + std::string(scrape));
    const std::string reply = smuggling.read_all();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 413 ")) << how;
    EXPECT_THAT(reply, testing::Not(HasSubstr(" 200 "))) << how;
  }
  EXPECT_EQ(it.asked, 0);
}

}  // namespace
}  // namespace platformer::app
