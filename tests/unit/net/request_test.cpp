// What goes out, and what is refused before anything does.
#include <gtest/gtest.h>

#include "net/request_writer.hpp"
#include "tests/unit/net/loop.hpp"

namespace platformer::net {
namespace {

std::string written(const http_request& request, const endpoint& target = {.host = "example.com"}) {
  const auto bytes = write_request(request, target);
  return bytes ? std::string(bytes->begin(), bytes->end()) : std::string(to_string(bytes.error().code));
}

TEST(request, a_get_has_no_body_and_no_length) {
  http_request request = get("/a?b=c%20d");
  request.headers = {{"Accept", "application/json"}, {"X-Empty", ""}};
  EXPECT_EQ(written(request),
            "GET /a?b=c%20d HTTP/1.1\r\nHost: example.com\r\nAccept: application/json\r\nX-Empty: \r\n\r\n");
}

TEST(request, a_body_goes_with_type_length_and_credential) {
  http_request request = post("{}");
  request.authorization = std::make_shared<const secret_string>("t0ken");
  EXPECT_EQ(written(request),
            "POST /things HTTP/1.1\r\nHost: example.com\r\nAuthorization: t0ken\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
}

TEST(request, a_write_without_body_says_so) {
  http_request request = get("/x");
  request.method = http_method::put;
  EXPECT_EQ(written(request), "PUT /x HTTP/1.1\r\nHost: example.com\r\nContent-Length: 0\r\n\r\n");
}

TEST(request, the_host_has_a_port_and_brackets_when_it_needs_them) {
  EXPECT_NE(written(get(), {.tls = false, .host = "h", .port = 80}).find("Host: h\r\n"), std::string::npos);
  EXPECT_NE(written(get(), {.tls = true, .host = "h", .port = 80}).find("Host: h:80\r\n"), std::string::npos);
  EXPECT_NE(written(get(), {.host = "::1", .port = 6443}).find("Host: [::1]:6443\r\n"), std::string::npos);
}

TEST(request, a_header_that_could_smuggle_something_is_refused) {
  const std::string nul("a\0b", 3);
  for (const std::string& bad : {std::string("a\rb"), std::string("a\nb"), std::string("a\r\nX: y"), nul,
                                 std::string(" a"), std::string("a "), std::string("a\x7F")}) {
    http_request by_value = get();
    by_value.headers = {{"X-Test", bad}};
    EXPECT_EQ(written(by_value), "bad request");
    http_request by_name = get();
    by_name.headers = {{bad, "x"}};
    EXPECT_EQ(written(by_name), "bad request");
    http_request by_credential = get();
    by_credential.authorization = std::make_shared<const secret_string>(bad);
    EXPECT_EQ(written(by_credential), "bad request");
    http_request by_type = post("x");
    by_type.content_type = bad;
    EXPECT_EQ(written(by_type), "bad request");
    EXPECT_EQ(written(get("/" + bad)), "bad request");
    const endpoint target{.host = "h", .via = proxy{.host = "p", .port = 1, .authorization = bad}};
    EXPECT_EQ(written(get(), target), "bad request");
    EXPECT_EQ(written(get(), {.host = "h" + bad}), "bad request");
  }
}

TEST(request, a_path_must_be_one) {
  for (const char* bad : {"", "a", "http://h/", "/a b", "/\xC3\xA4"})
    EXPECT_EQ(written(get(bad)), "bad request");
}

TEST(request, framing_headers_are_the_clients_business) {
  for (const char* name :
       {"Content-Length", "transfer-encoding", "HOST", "Connection", "Expect", "Upgrade"}) {
    http_request request = get();
    request.headers = {{name, "1"}};
    EXPECT_EQ(written(request), "bad request") << name;
  }
}

TEST(request, a_refused_request_opens_no_connection_and_tells_no_value) {
  loop on;
  scripted_server server(on.executor(), {{test::hold()}});
  http_client client(on.executor(), plain(server), nullptr);
  http_request request = get();
  request.headers = {{"X-Test", "geheim\r\n"}};
  const auto outcome = on.run(client.send(std::move(request)));
  EXPECT_EQ(told(outcome), "bad request");
  EXPECT_EQ(message_of(outcome).find("geheim"), std::string::npos);
  EXPECT_EQ(client.stats().connections_opened, 0U);
  EXPECT_EQ(client.stats().requests_sent, 0U);
}

TEST(request, arrives_whole_at_the_server) {
  loop on;
  scripted_server server(on.executor(), {{test::read_request(), test::reply(test::plain_reply(201, "ok"))}});
  http_client client(on.executor(), plain(server), nullptr);
  const std::string body(300'000, 'x');
  EXPECT_EQ(told(on.run(client.send(post(body)))), "201 ok");
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_TRUE(server.requests()[0].ends_with("Content-Length: 300000\r\n\r\n" + body));
}

}  // namespace
}  // namespace platformer::net
