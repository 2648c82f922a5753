// Replies of every shape, good and bad, over one plain connection each.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

reply_result answer(const std::string& bytes, http_limits limits = {}, std::size_t max_reply_bytes = 1024) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::reply(bytes)}});
  http_client client(on.executor(), plain(server), nullptr, limits);
  http_request request = get();
  request.max_reply_bytes = max_reply_bytes;
  return on.run(client.send(std::move(request)));
}

TEST(reply, has_status_headers_and_body) {
  const auto outcome = answer(test::plain_reply(200, "hello", "X-One: 1\r\nx-one: 2\r\n"));
  EXPECT_EQ(told(outcome), "200 hello");
  EXPECT_EQ(outcome->find("X-ONE"), "1");
  EXPECT_EQ(outcome->find("absent"), "");
  EXPECT_EQ(outcome->headers.size(), 3U);
}

TEST(reply, of_any_status_is_a_value) {
  for (const int status : {200, 201, 204, 400, 401, 404, 409, 429, 500, 503, 599}) {
    const std::string body = status == 204 ? "" : "text";
    EXPECT_EQ(told(answer(test::plain_reply(status, body))), std::to_string(status) + " " + body);
  }
}

TEST(reply, that_redirects_is_a_value_and_not_followed) {
  for (const int status : {301, 302, 303, 307, 308}) {
    const auto outcome = answer(test::plain_reply(status, "", "Location: http://127.0.0.1:1/elsewhere\r\n"));
    EXPECT_EQ(told(outcome), std::to_string(status) + " ");
    EXPECT_EQ(outcome->find("location"), "http://127.0.0.1:1/elsewhere");
  }
}

TEST(reply, body_may_be_chunked_in_any_way) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body :
       {"5\r\nhello\r\n0\r\n\r\n", "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", "05\r\nhello\r\n00\r\n\r\n",
        "5;name=value\r\nhello\r\n0;end\r\n\r\n", "5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n"}) {
    const auto outcome = answer(head + body);
    EXPECT_EQ(told(outcome), "200 hello") << body;
    EXPECT_EQ(outcome->find("x-trailer"), "");
  }
}

TEST(reply, body_may_last_to_the_end_of_the_connection) {
  EXPECT_EQ(told(answer("HTTP/1.1 200 OK\r\n\r\nhello")), "200 hello");
  EXPECT_EQ(told(answer("HTTP/1.0 200 OK\r\n\r\n")), "200 ");
}

TEST(reply, interim_ones_are_skipped) {
  EXPECT_EQ(told(answer("HTTP/1.1 100 Continue\r\n\r\n" + test::plain_reply(200, "x"))), "200 x");
  EXPECT_EQ(told(answer("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 P\r\n\r\n" +
                        test::plain_reply(404, "x"))),
            "404 x");
}

TEST(reply, interim_ones_without_end_are_malformed) {
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(told(answer(many + test::plain_reply(200, "x"))), "malformed reply");
}

TEST(reply, that_switches_protocols_unasked_is_malformed) {
  EXPECT_EQ(told(answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")), "malformed reply");
}

TEST(reply, that_is_no_reply_is_malformed) {
  const std::string nul("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 27);
  const std::vector<std::string> garbage = {
      "garbage\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      std::string(70'000, 'A'),
      std::string(2000, '\0'),
      "HTTP/2.0 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 -20 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
      nul,
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\nhello",
  };
  for (const std::string& bytes : garbage) {
    const std::string outcome = told(answer(bytes));
    EXPECT_TRUE(outcome.starts_with("malformed reply")) << outcome << " for " << bytes.substr(0, 80);
  }
}

TEST(reply, with_broken_chunks_is_malformed) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body :
       {"x\r\nhello\r\n", "5\r\nhelloXX0\r\n\r\n", "ffffffffffffffffff\r\n", "-1\r\n\r\n", "\r\n\r\n"}) {
    EXPECT_EQ(told(answer(head + body)), "malformed reply after 200") << body;
  }
}

TEST(reply, header_beyond_the_limit_is_malformed) {
  const http_limits limits{.header_bytes = 1024};
  const auto with_header = [](std::size_t size) {
    return test::plain_reply(200, "x", "X-Long: " + std::string(size, 'a') + "\r\n");
  };
  EXPECT_EQ(told(answer(with_header(900), limits)), "200 x");
  const auto outcome = answer(with_header(1100), limits);
  EXPECT_EQ(told(outcome), "malformed reply");
  EXPECT_NE(message_of(outcome).find("beyond the limit"), std::string::npos);
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += "X-" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(told(answer(test::plain_reply(200, "x", many), limits)), "malformed reply");
}

TEST(reply, body_beyond_the_limit_is_malformed_however_it_is_framed) {
  const std::string fits(1024, 'b');
  const std::string large(1025, 'b');
  const auto chunked = [](const std::string& body) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n" + body.substr(0, 512) + "\r\n" +
           (body.size() == 1024 ? "200" : "201") + "\r\n" + body.substr(512) + "\r\n0\r\n\r\n";
  };
  EXPECT_EQ(told(answer(test::plain_reply(200, fits))), "200 " + fits);
  EXPECT_EQ(told(answer(test::plain_reply(200, large))), "malformed reply");
  EXPECT_EQ(told(answer(chunked(fits))), "200 " + fits);
  EXPECT_EQ(told(answer(chunked(large))), "malformed reply after 200");
  EXPECT_EQ(told(answer("HTTP/1.1 200 OK\r\n\r\n" + fits)), "200 " + fits);
  EXPECT_EQ(told(answer("HTTP/1.1 200 OK\r\n\r\n" + large)), "malformed reply after 200");
}

TEST(reply, chunk_extensions_and_trailers_are_bounded) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const http_limits limits{.header_bytes = 1024};
  const std::string long_text(100'000, 'e');
  EXPECT_EQ(told(answer(head + "5;x=" + long_text + "\r\nhello\r\n0\r\n\r\n", limits)),
            "malformed reply after 200");
  EXPECT_EQ(told(answer(head + "5\r\nhello\r\n0\r\nX: " + long_text + "\r\n\r\n", limits)),
            "malformed reply after 200");
}

TEST(reply, may_come_early_from_a_server_that_wants_no_more) {
  loop on;
  const std::string refusal = test::plain_reply(413, "too much", "Connection: close\r\n");
  scripted_server server(on.executor(), {{test::reply(refusal), test::hold()}});
  http_client client(on.executor(), plain(server), nullptr);
  EXPECT_EQ(told(on.run(client.send(post(std::string(100, 'x'))))), "413 too much");
}

}  // namespace
}  // namespace platformer::net
