// Replies whose bodies arrive over time.
#include <gtest/gtest.h>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

const std::string chunked_head = "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n";

struct opened_stream {
  loop on;
  scripted_server server;
  http_client client{on.executor(), plain(server), nullptr};
  std::unique_ptr<http_stream> stream;

  explicit opened_stream(script todo) : server(on.executor(), {std::move(todo)}) {
    auto opened = on.run(client.open(get()));
    if (opened) stream = std::move(*opened);
  }
  std::string read(duration idle = long_enough) { return told(on.run(stream->read(idle))); }
};

TEST(stream, gives_pieces_as_they_come) {
  opened_stream with({test::read_request(), test::reply(chunked_head + "5\r\nhello\r\n"),
                      test::drip("7\r\n, world\r\n0\r\n\r\n", 1ms), test::hold()});
  ASSERT_NE(with.stream, nullptr);
  EXPECT_EQ(with.stream->status(), 200);
  EXPECT_EQ(with.stream->find("x-a"), "b");
  EXPECT_EQ(with.read(), "hello");
  std::string rest;
  for (std::string piece = with.read(); piece != "end"; piece = with.read())
    rest += piece;
  EXPECT_EQ(rest, ", world");
  EXPECT_EQ(with.read(), "end");
}

TEST(stream, gives_every_byte_of_a_large_body_in_bounded_pieces) {
  std::string body;
  for (int i = 0; i < 40'000; ++i)
    body += std::to_string(i) + "\n";
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 10'000) {
    const std::string part = body.substr(at, 10'000);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", part.size());
    chunks += size + part + "\r\n";
  }
  opened_stream with({test::read_request(), test::reply(chunked_head + chunks + "0\r\n\r\n")});
  std::string got;
  for (std::string piece = with.read(); piece != "end"; piece = with.read()) {
    EXPECT_LE(piece.size(), 64U * 1024);
    got += piece;
  }
  EXPECT_EQ(got, body);
}

TEST(stream, may_have_a_length_or_last_to_the_connections_end) {
  opened_stream by_length({test::read_request(), test::reply(test::plain_reply(200, "hello")), test::hold()});
  EXPECT_EQ(by_length.read(), "hello");
  EXPECT_EQ(by_length.read(), "end");
  opened_stream to_the_end({test::read_request(), test::reply("HTTP/1.1 200 OK\r\n\r\nhello")});
  EXPECT_EQ(to_the_end.read(), "hello");
  EXPECT_EQ(to_the_end.read(), "end");
}

TEST(stream, of_an_error_status_is_given_too) {
  opened_stream with({test::read_request(), test::reply(test::plain_reply(410, "gone"))});
  EXPECT_EQ(with.stream->status(), 410);
  EXPECT_EQ(with.read(), "gone");
}

TEST(stream, that_is_silent_for_too_long_is_a_timeout_and_dead) {
  opened_stream with({test::read_request(), test::reply(chunked_head + "1\r\nx\r\n"), test::hold()});
  EXPECT_EQ(with.read(), "x");
  EXPECT_EQ(with.read(short_time), "timeout");
  EXPECT_EQ(with.read(), "timeout");
}

TEST(stream, that_drips_is_not_silent) {
  opened_stream with({test::read_request(), test::reply(chunked_head),
                      test::drip("c\r\nhello, world\r\n", 5ms), test::hold()});
  std::string got;
  while (got.size() < 12)
    got += with.read(long_enough);
  EXPECT_EQ(got, "hello, world");
}

TEST(stream, lasts_longer_than_the_deadline_of_its_request) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::reply(chunked_head),
                                          test::drip(std::string("1\r\nx\r\n0\r\n\r\n"), 60ms)}});
  http_client client(on.executor(), plain(server), nullptr);
  auto opened = on.run(client.open(get("/", 500ms)));
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(told(on.run((*opened)->read(long_enough))), "x");
  EXPECT_EQ(told(on.run((*opened)->read(long_enough))), "end");
}

TEST(stream, with_broken_chunks_is_malformed) {
  opened_stream with({test::read_request(), test::reply(chunked_head + "1\r\nx\r\nzzz\r\n"), test::hold()});
  EXPECT_EQ(with.read(), "x");
  EXPECT_EQ(with.read(), "malformed reply");
}

TEST(stream, whose_reader_waits_is_ended_by_close) {
  opened_stream with({test::read_request(), test::reply(chunked_head), test::hold()});
  const auto pending = with.on.start(with.stream->read(1h));
  with.on.io.poll();
  with.stream->close();
  with.on.run_until([&] { return pending->has_value(); });
  EXPECT_EQ(told(**pending), "cancelled");
  EXPECT_EQ(with.read(), "cancelled");
}

TEST(stream, may_be_destroyed_while_its_reader_waits) {
  opened_stream with({test::read_request(), test::reply(chunked_head), test::hold()});
  const auto pending = with.on.start(with.stream->read(1h));
  with.on.io.poll();
  with.stream.reset();
  with.on.run_until([&] { return pending->has_value(); });
  EXPECT_EQ(told(**pending), "cancelled");
}

TEST(stream, is_ended_by_its_client_closing) {
  opened_stream with({test::read_request(), test::reply(chunked_head), test::hold()});
  const auto pending = with.on.start(with.stream->read(1h));
  with.on.io.poll();
  with.client.close();
  with.on.run_until([&] { return pending->has_value(); });
  EXPECT_EQ(told(**pending), "cancelled");
}

TEST(stream, takes_no_place_in_the_pool) {
  loop on;
  const script stays_open = {test::read_request(), test::reply(chunked_head), test::hold()};
  const script answers = {test::read_request(), test::reply(test::plain_reply(200, "x")), test::hold()};
  scripted_server server(on.executor(), {stays_open, stays_open, answers});
  http_client client(on.executor(), plain(server), nullptr, {.connections = 1});
  const auto first = on.run(client.open(get()));
  const auto second = on.run(client.open(get()));
  EXPECT_EQ(told(on.run(client.send(get()))), "200 x");
  EXPECT_EQ(client.stats().connections_opened, 3U);
}

TEST(stream, works_over_tls) {
  loop on;
  const certificate_authority authority;
  scripted_server server(on.executor(),
                         {{test::read_request(), test::reply(chunked_head + "5\r\nhello\r\n"),
                           test::reply("1\r\n!\r\n0\r\n\r\n"), test::hold()}},
                         test::server_identity{.own = authority.issue({.names = {"IP:127.0.0.1"}})});
  const auto tls = tls_context::make({.ca_pem = authority.certificate_pem()});
  http_client client(on.executor(), {.host = "127.0.0.1", .port = server.port()}, *tls);
  auto opened = on.run(client.open(get()));
  ASSERT_TRUE(opened.has_value());
  std::string got;
  for (auto piece = on.run((*opened)->read(long_enough)); piece && !piece->empty();
       piece = on.run((*opened)->read(long_enough))) {
    got += *piece;
  }
  EXPECT_EQ(got, "hello!");
}

}  // namespace
}  // namespace platformer::net
