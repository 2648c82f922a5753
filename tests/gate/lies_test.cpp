// Replies that a gate makes up: those of servers that lie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gate/bench.hpp"

namespace platformer::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(gate_lies, a_forged_reply_is_made_of_what_was_asked_and_answered) {
  gate_bench bench({answers()});
  bench.door.impose(
      {.act = act::forge{
           moment::after,
           [](const passage& of, const std::string& asked, const std::string& answered) -> act::answer {
             return {.status = 201, .body = of.path + " " + asked + " " + answered};
           }}});
  auto request = gate_bench::request_for("/a");
  request.method = net::http_method::post;
  request.body = secret_string("asked");
  EXPECT_EQ(bench.send(std::move(request)), "201 /a asked ok");
  EXPECT_THAT(bench.seen_by_server(), ElementsAre(StartsWith("POST /a")));
  EXPECT_EQ(bench.get("/b"), "200 ok");
}

TEST(gate_lies, forged_before_the_server_has_seen_nothing) {
  gate_bench bench({answers()});
  bench.door.impose(
      {.act = act::forge{moment::before,
                         [](const passage&, const std::string&, const std::string& answered) -> act::answer {
                           return {.status = 422, .body = "[" + answered + "]"};
                         }}});
  EXPECT_EQ(bench.get("/a"), "422 []");
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
}

TEST(gate_lies, a_flood_is_sent_as_it_is_until_its_end_or_until_the_client_leaves) {
  gate_bench bench({answers()});
  bench.door.impose(
      {.act =
           act::flood{.first = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", .again = "ab", .times = 3}});
  EXPECT_EQ(bench.get("/a"), "200 ababab");
  bench.door.impose(
      {.act = act::flood{
           .first = "HTTP/1.1 200 OK\r\n\r\n", .again = std::string(64U * 1024, 'x'), .times = always}});
  EXPECT_EQ(bench.get("/b"), "malformed reply") << "beyond the limit of a reply";
  EXPECT_TRUE(bench.noted("GET /b -> -, flooded by the gate instead of the server, left by the client"));
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
}

}  // namespace
}  // namespace platformer::test
