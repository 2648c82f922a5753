// What a gate is when no rule applies: as good as no gate at all, and it knows what passed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gate/bench.hpp"

namespace platformer::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::string secret = "a-token-nobody-may-see";

TEST(gate, passes_request_and_reply_as_they_are) {
  gate_bench bench({{read_request(), reply(plain_reply(418, "short and stout", "X-Kind: pot\r\n")), hold()}});
  auto request = gate_bench::request_for("/things/a%20b?x=1&y");
  request.method = net::http_method::put;
  request.content_type = "application/json";
  request.headers = {{"X-Wish", "tea"}};
  request.body = secret_string("{\"a\":1}");
  EXPECT_EQ(bench.send(std::move(request)), "418 short and stout");
  const auto seen = bench.seen_by_server();
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_THAT(seen[0], StartsWith("PUT /things/a%20b?x=1&y HTTP/1.1\r\n"));
  EXPECT_THAT(seen[0], HasSubstr("X-Wish: tea\r\n"));
  EXPECT_THAT(seen[0], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(seen[0], HasSubstr("\r\n\r\n{\"a\":1}"));
}

TEST(gate, keeps_connections_on_both_sides) {
  gate_bench bench({answers()});
  EXPECT_EQ(bench.get("/a"), "200 ok");
  EXPECT_EQ(bench.get("/b"), "200 ok");
  EXPECT_EQ(bench.server_connections(), 1U);
}

TEST(gate, passes_chunked_replies_of_any_size) {
  const std::string part(70'000, 'x');
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n" + part +
                              "\r\n11170\r\n" + part + "\r\n0\r\n\r\n";
  gate_bench bench({{read_request(), reply(chunked), hold()}});
  EXPECT_EQ(bench.get("/list"), "200 " + part + part);
}

TEST(gate, speaks_tls_on_both_sides_and_shows_its_own_certificate) {
  const certificate_authority authority;
  const auto of_gate = authority.issue({.names = {"IP:127.0.0.1"}});
  const auto of_server = authority.issue({.names = {"IP:127.0.0.1"}});
  const auto of_user = authority.issue({.common_name = "operator"});
  bench_options options;
  options.client_side = of_gate;
  options.client_ca = authority.certificate_pem();
  options.server_side = server_identity{.own = of_server, .client_ca_pem = authority.certificate_pem()};
  options.gate_tls = server_tls{authority.certificate_pem(), of_user.certificate_pem, of_user.key_pem};
  gate_bench bench({answers()}, options);
  EXPECT_THAT(bench.url, StartsWith("https://127.0.0.1:"));
  EXPECT_EQ(bench.get("/a"), "200 ok");
}

TEST(gate, trusts_no_server_of_another_authority) {
  const certificate_authority authority;
  const certificate_authority other;
  bench_options options;
  options.server_side = server_identity{.own = other.issue({.names = {"IP:127.0.0.1"}})};
  options.gate_tls = server_tls{.ca_pem = authority.certificate_pem()};
  gate_bench bench({answers()}, options);
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
}

TEST(gate, a_server_that_is_gone_is_a_cut_connection) {
  gate_bench bench({answers()});
  bench.stop_server();
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_THAT(bench.door.notes().text(1, 1), HasSubstr("/a -> -, no connection to the server"));
}

TEST(gate, a_reply_that_breaks_off_is_not_passed) {
  const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  gate_bench bench({{read_request(), reply(half)}});
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_THAT(bench.door.notes().text(1, 1), HasSubstr("/a -> 200, the server's reply is not whole"));
}

TEST(gate, does_not_use_a_connection_that_the_server_has_closed_meanwhile) {
  gate_bench bench({{read_request(), reply(plain_reply(200, "first"))}, answers()});
  EXPECT_EQ(bench.get("/a"), "200 first");
  EXPECT_EQ(bench.get("/b"), "200 ok");
}

TEST(gate, events_of_a_watch_pass_as_they_come) {
  gate_bench bench(
      {{read_request(), reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n"),
        read_request(), reply("4\r\ntwo\n\r\n0\r\n\r\n"), hold()}});
  EXPECT_EQ(bench.open("/w?watch=true"), "200");
  EXPECT_EQ(bench.read(), "one\n") << "although the server says nothing more";
}

TEST(gate, the_head_of_a_watch_passes_with_its_fields) {
  const std::string date = "Thu, 26 Nov 2026 13:29:34 GMT";
  gate_bench bench(
      {{read_request(),
        reply("HTTP/1.1 200 OK\r\nDate: " + date + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        hold()}});
  EXPECT_EQ(bench.open("/w?watch=true"), "200");
  EXPECT_EQ(bench.stream->find("Date"), date);
}

TEST(gate, a_watch_ends_as_the_server_ends_it) {
  gate_bench bench(
      {{read_request(), reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n0\r\n\r\n"),
        hold()}});
  EXPECT_EQ(bench.open("/w?watch=true"), "200");
  EXPECT_EQ(bench.read(), "one\n");
  EXPECT_EQ(bench.read(), "end");
}

TEST(gate, a_client_that_leaves_a_watch_leaves_the_server_too) {
  gate_bench bench(
      {{read_request(), reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n"),
        read_request(), hold()},
       answers()});
  EXPECT_EQ(bench.open("/w?watch=true"), "200");
  EXPECT_EQ(bench.read(), "one\n");
  bench.loop.run([&] { bench.stream.reset(); });
  EXPECT_TRUE(bench.noted("/w?watch=true -> 200, left by the client"));
  EXPECT_EQ(bench.get("/next"), "200 ok");
}

TEST(gate, notes_what_passed_in_order) {
  gate_bench bench({answers()});
  bench.get("/api/v1/secrets?dryRun=All&fieldManager=x");
  bench.get("/api/v1/secrets/a");
  const auto passed = bench.door.notes().all();
  ASSERT_THAT(passed, SizeIs(2));
  EXPECT_EQ(passed[0].number, 1U);
  EXPECT_EQ(passed[0].server, "server");
  EXPECT_EQ(passed[0].method, "GET");
  EXPECT_EQ(passed[0].path, "/api/v1/secrets");
  EXPECT_TRUE(passed[0].dry_run);
  EXPECT_FALSE(passed[0].watch);
  EXPECT_EQ(passed[0].status, 200);
  EXPECT_EQ(passed[0].fate, "");
  EXPECT_EQ(passed[1].number, 2U);
  EXPECT_FALSE(passed[1].dry_run);
  EXPECT_THAT(bench.door.notes().text(1, 2), HasSubstr("server  GET /api/v1/secrets (dry run) -> 200\n"));
}

TEST(gate, notes_no_header_and_no_body) {
  gate_bench bench(
      {{read_request(), reply(plain_reply(200, secret, "X-Token: " + secret + "\r\n")), hold()}});
  auto request = gate_bench::request_for("/a");
  request.method = net::http_method::post;
  request.authorization = std::make_shared<const secret_string>("Bearer " + secret);
  request.body = secret_string(secret);
  EXPECT_EQ(bench.send(std::move(request)), "200 " + secret) << "or this shows nothing";
  EXPECT_THAT(bench.door.notes().text(0, always), Not(HasSubstr(secret)));
  EXPECT_THAT(bench.door.notes().text(0, always), HasSubstr("POST /a"));
}

TEST(gate, an_unrecorded_door_notes_nothing_and_knows_no_rules) {
  bench_options options;
  options.recorded = false;
  gate_bench bench({answers()}, options);
  bench.door.impose({.act = act::cut{}});
  EXPECT_EQ(bench.get("/a"), "200 ok");
  EXPECT_THAT(bench.door.notes().all(), IsEmpty());
}

TEST(gate, an_unrecorded_door_hands_connections_to_the_server_on) {
  bench_options options;
  options.recorded = false;
  gate_bench bench({answers()}, options);
  EXPECT_EQ(bench.get("/a"), "200 ok");
  bench.loop.run([&] { bench.client.emplace(bench.loop.executor(), bench.target(), nullptr); });
  EXPECT_EQ(bench.get("/b"), "200 ok");
  EXPECT_EQ(bench.server_connections(), 1U);
}

TEST(gate, a_shut_door_refuses_and_a_reopened_one_is_where_it_was) {
  gate_bench bench({answers()});
  EXPECT_EQ(bench.get("/a"), "200 ok");
  bench.door.shut("server");
  EXPECT_EQ(bench.get("/b"), "unreachable");
  bench.door.reopen("server");
  EXPECT_EQ(bench.get("/c"), "200 ok");
  EXPECT_THAT(bench.seen_by_server(), ElementsAre(StartsWith("GET /a"), StartsWith("GET /c")));
}

TEST(gate, cut_connections_ends_what_is_under_way) {
  gate_bench bench({{read_request(), hold()}, answers()});
  const auto held = bench.door.impose({.on = {.path = "^/a"}, .act = act::hold{}});
  auto under_way = bench.start(gate_bench::request_for("/a"));
  ASSERT_TRUE(bench.door.rules().wait_hits(held, 1, long_enough));
  bench.door.cut_connections("server");
  EXPECT_EQ(under_way.get(), "connection lost");
  EXPECT_EQ(bench.door.rules().hits(held), 1U);
}

}  // namespace
}  // namespace platformer::test
