// A reply cut off at every byte: nothing but the whole of it may pass for a reply.
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

const std::string by_length = "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 12\r\n\r\nhello, world";
const std::string by_chunks =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\nT: "
    "1\r\n\r\n";
const std::string after_interim = "HTTP/1.1 100 Continue\r\n\r\n" + by_length;
const std::string to_the_end = "HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello, world";

enum class ending { close, reset, close_notify };

std::vector<script> cut_everywhere(const std::string& reply, ending how) {
  std::vector<script> scripts;
  for (std::size_t size = 0; size < reply.size(); ++size) {
    script cut = {test::read_request(), test::reply(reply.substr(0, size))};
    if (how == ending::reset) cut.push_back(test::reset());
    if (how == ending::close_notify) cut.push_back(test::end_tls());
    scripts.push_back(std::move(cut));
  }
  return scripts;
}

std::string expected(const std::string& reply, std::size_t size) {
  std::size_t head = reply.find("\r\n\r\n") + 4;
  if (reply.starts_with("HTTP/1.1 100")) head = reply.find("\r\n\r\n", head) + 4;
  return size < head ? "connection lost" : "connection lost after 200";
}

void expect_lost_everywhere(http_client& client, loop& on, const std::string& reply) {
  for (std::size_t size = 0; size < reply.size(); ++size) {
    EXPECT_EQ(told(on.run(client.send(get()))), expected(reply, size)) << "cut off after " << size;
  }
  EXPECT_EQ(client.stats().connections_opened, reply.size());
  EXPECT_EQ(client.stats().idle, 0U);
}

TEST(cutoff, a_plain_reply_is_lost_at_every_byte) {
  for (const std::string& reply : {by_length, by_chunks, after_interim}) {
    loop on;
    scripted_server server(on.executor(), cut_everywhere(reply, ending::close));
    http_client client(on.executor(), plain(server), nullptr);
    expect_lost_everywhere(client, on, reply);
  }
}

TEST(cutoff, a_reset_is_a_loss_at_every_byte) {
  // A reset may overtake what was sent before it, so how far the reply had got is not sure.
  loop on;
  scripted_server server(on.executor(), cut_everywhere(by_length, ending::reset));
  http_client client(on.executor(), plain(server), nullptr);
  for (std::size_t size = 0; size < by_length.size(); ++size) {
    const auto outcome = on.run(client.send(get()));
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().code, api_errc::connection_lost) << size;
  }
}

struct tls_world {
  loop on;
  certificate_authority authority;
  test::server_identity identity{.own = authority.issue({.names = {"IP:127.0.0.1"}})};

  std::unique_ptr<http_client> client(const scripted_server& server) {
    auto tls = tls_context::make({.ca_pem = authority.certificate_pem()});
    const endpoint target{.host = "127.0.0.1", .port = server.port()};
    return std::make_unique<http_client>(on.executor(), target, *tls);
  }
};

TEST(cutoff, a_tls_reply_is_lost_at_every_byte_with_and_without_close_notify) {
  for (const ending how : {ending::close, ending::close_notify}) {
    tls_world world;
    scripted_server server(world.on.executor(), cut_everywhere(by_chunks, how), world.identity);
    const auto client = world.client(server);
    expect_lost_everywhere(*client, world.on, by_chunks);
  }
}

TEST(cutoff, a_body_to_the_end_needs_close_notify_under_tls) {
  tls_world world;
  scripted_server server(world.on.executor(),
                         {{test::read_request(), test::reply(to_the_end), test::end_tls()},
                          {test::read_request(), test::reply(to_the_end)}},
                         world.identity);
  const auto client = world.client(server);
  EXPECT_EQ(told(world.on.run(client->send(get()))), "200 hello, world");
  EXPECT_EQ(told(world.on.run(client->send(get()))), "connection lost after 200");
}

TEST(cutoff, a_stream_is_lost_at_every_byte) {
  loop on;
  scripted_server server(on.executor(), cut_everywhere(by_chunks, ending::close));
  http_client client(on.executor(), plain(server), nullptr);
  for (std::size_t size = 0; size < by_chunks.size(); ++size) {
    auto opened = on.run(client.open(get()));
    if (expected(by_chunks, size) == "connection lost") {
      ASSERT_FALSE(opened.has_value()) << size;
      EXPECT_EQ(opened.error().code, api_errc::connection_lost);
      continue;
    }
    ASSERT_TRUE(opened.has_value()) << size;
    auto piece = on.run((*opened)->read(long_enough));
    while (piece && !piece->empty())
      piece = on.run((*opened)->read(long_enough));
    EXPECT_EQ(told(piece), "connection lost") << size;
  }
}

}  // namespace
}  // namespace platformer::net
