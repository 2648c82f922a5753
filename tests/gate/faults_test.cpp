// What a gate does to a request that a rule is about, and that it leaves all others alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gate/bench.hpp"
#include "tests/gate/watch_lines.hpp"

namespace platformer::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(gate_faults, cut_before_forwarding_the_server_never_knows) {
  gate_bench bench({answers()});
  const auto rule = bench.door.impose({.act = act::cut{moment::before}});
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
  EXPECT_EQ(bench.door.rules().hits(rule), 1U);
  EXPECT_THAT(bench.door.notes().text(1, 1), HasSubstr("GET /a -> -, cut before forwarding"));
  EXPECT_EQ(bench.get("/b"), "200 ok") << "a rule acts once unless it says otherwise";
}

TEST(gate_faults, cut_after_the_answer_the_server_has_done_it) {
  gate_bench bench({answers()});
  bench.door.impose({.act = act::cut{moment::after}});
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_THAT(bench.seen_by_server(), ElementsAre(StartsWith("GET /a")));
  EXPECT_THAT(bench.door.notes().text(1, 1), HasSubstr("GET /a -> 200, cut after the answer"));
}

TEST(gate_faults, held_before_forwarding_until_released) {
  gate_bench bench({answers()});
  const auto rule = bench.door.impose({.act = act::hold{moment::before}});
  auto under_way = bench.start(gate_bench::request_for("/a"));
  ASSERT_TRUE(bench.door.rules().wait_hits(rule, 1, long_enough));
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
  bench.door.rules().release(rule);
  EXPECT_EQ(under_way.get(), "200 ok");
}

TEST(gate_faults, a_held_request_that_its_client_gave_up_is_never_forwarded) {
  gate_bench bench({answers()});
  const auto rule = bench.door.impose({.act = act::hold{moment::before}});
  EXPECT_EQ(bench.get("/a", short_time), "timeout");
  EXPECT_TRUE(bench.noted("GET /a -> -, held before forwarding, given up by the client"));
  EXPECT_EQ(bench.get("/b"), "200 ok");
  bench.door.rules().release(rule);
  EXPECT_EQ(bench.get("/c"), "200 ok");
  EXPECT_THAT(bench.seen_by_server(), ElementsAre(StartsWith("GET /b"), StartsWith("GET /c")));
}

TEST(gate_faults, held_after_the_answer_the_server_has_done_it) {
  gate_bench bench({answers()});
  bench.door.impose({.act = act::hold{moment::after}});
  EXPECT_EQ(bench.get("/a", short_time), "timeout");
  EXPECT_THAT(bench.seen_by_server(), ElementsAre(StartsWith("GET /a")));
}

TEST(gate_faults, a_trickled_reply_outlasts_a_deadline) {
  gate_bench bench({answers()});
  bench.door.impose({.times = 2, .act = act::trickle{.bytes = 40, .pause = 1ms}});
  EXPECT_EQ(bench.get("/a"), "200 ok");
  bench.door.rules().lift_all();
  bench.door.impose({.act = act::trickle{.bytes = 1, .pause = 20ms}});
  EXPECT_EQ(bench.get("/b", short_time), "timeout");
}

TEST(gate_faults, an_answer_of_the_gates_own_instead_of_the_server) {
  gate_bench bench({answers()});
  bench.door.impose(
      {.act = act::answer{
           moment::before, 429, {{"Retry-After", "1"}, {"Content-Type", "text/plain"}}, "slow down"}});
  EXPECT_EQ(bench.get("/a"), "429 slow down");
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
  EXPECT_EQ(bench.get("/b"), "200 ok") << "on the same connection";
}

TEST(gate_faults, an_answer_of_the_gates_own_in_place_of_the_reply) {
  gate_bench bench({answers()});
  bench.door.impose({.act = act::answer{moment::after, 500, {}, ""}});
  EXPECT_EQ(bench.get("/a"), "500 ");
  EXPECT_THAT(bench.seen_by_server(), SizeIs(1));
  EXPECT_THAT(bench.door.notes().text(1, 1),
              HasSubstr("GET /a -> 200, answered 500 by the gate in place of the server's reply"));
}

TEST(gate_faults, a_hook_is_called_before_the_server_knows) {
  gate_bench bench({answers()});
  std::size_t known = 99;
  std::string path;
  const auto look = [&](const passage& at) {
    known = bench.server->requests().size();
    path = at.path;
    return passing::go_on;
  };
  bench.door.impose({.act = act::hook{moment::before, look}});
  EXPECT_EQ(bench.get("/a"), "200 ok");
  EXPECT_EQ(known, 0U);
  EXPECT_EQ(path, "/a");
}

TEST(gate_faults, a_hook_is_called_after_the_servers_answer_and_may_cut) {
  gate_bench bench({answers()});
  std::size_t known = 99;
  int status = 0;
  const auto look = [&](const passage& at) {
    known = bench.server->requests().size();
    status = at.status;
    return passing::cut;
  };
  bench.door.impose({.act = act::hook{moment::after, look}});
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_EQ(known, 1U);
  EXPECT_EQ(status, 200);
}

TEST(gate_faults, a_hook_that_cuts_before_keeps_the_request_from_the_server) {
  gate_bench bench({answers()});
  bench.door.impose({.act = act::hook{moment::before, [](const passage&) { return passing::cut; }}});
  EXPECT_EQ(bench.get("/a"), "connection lost");
  EXPECT_THAT(bench.seen_by_server(), IsEmpty());
}

TEST(gate_faults, only_the_nth_fitting_request_is_meant) {
  gate_bench bench({answers(6)});
  bench.door.impose({.on = {.method = "^GET$", .path = "/status$", .query = "dryRun=All"},
                     .nth = 2,
                     .act = act::answer{moment::before, 503, {}, ""}});
  EXPECT_EQ(bench.get("/a/status?dryRun=All"), "200 ok");
  EXPECT_EQ(bench.get("/a/status"), "200 ok") << "another query";
  EXPECT_EQ(bench.get("/a?dryRun=All"), "200 ok") << "another path";
  auto other = gate_bench::request_for("/a/status?dryRun=All");
  other.method = net::http_method::post;
  EXPECT_EQ(bench.send(std::move(other)), "200 ok") << "another method";
  EXPECT_EQ(bench.get("/b/status?dryRun=All"), "503 ");
  EXPECT_EQ(bench.get("/c/status?dryRun=All"), "200 ok");
}

TEST(gate_faults, a_rule_may_act_several_times_or_always) {
  gate_bench bench({answers()});
  const auto twice =
      bench.door.impose({.nth = 2, .times = 2, .act = act::answer{moment::before, 503, {}, ""}});
  EXPECT_EQ(bench.get("/1"), "200 ok");
  EXPECT_EQ(bench.get("/2"), "503 ");
  EXPECT_EQ(bench.get("/3"), "503 ");
  EXPECT_EQ(bench.get("/4"), "200 ok");
  EXPECT_EQ(bench.door.rules().hits(twice), 2U);
  const auto ever = bench.door.impose({.times = always, .act = act::answer{moment::before, 502, {}, ""}});
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(bench.get("/5"), "502 ");
  bench.door.rules().lift(ever);
  EXPECT_EQ(bench.get("/6"), "200 ok");
}

TEST(gate_faults, a_rule_about_another_server_does_not_apply) {
  gate_bench bench({answers()});
  bench.door.impose({.on = {.server = "^console$"}, .act = act::cut{}});
  EXPECT_EQ(bench.get("/a"), "200 ok");
}

TEST(gate_faults, of_two_rules_the_first_acts_and_both_count) {
  gate_bench bench({answers()});
  bench.door.impose({.act = act::answer{moment::before, 501, {}, ""}});
  bench.door.impose({.nth = 2, .act = act::answer{moment::before, 502, {}, ""}});
  EXPECT_EQ(bench.get("/1"), "501 ");
  EXPECT_EQ(bench.get("/2"), "502 ");
  EXPECT_EQ(bench.get("/3"), "200 ok");
}

TEST(gate_faults, waiting_for_a_hit_ends_with_its_deadline) {
  gate_bench bench({answers()});
  const auto rule = bench.door.impose({.act = act::cut{}});
  EXPECT_FALSE(bench.door.rules().wait_hits(rule, 1, 10ms));
}

std::string events_reply(const std::string& events) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", events.size());
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(size.data()) + events + "\r\n";
}

TEST(gate_faults, a_watch_breaks_in_the_middle_of_an_event) {
  gate_bench bench({{read_request(), reply(events_reply("{\"a\":1}\n{\"b\":22}\n{\"c\":3}\n")), hold()}});
  bench.door.impose({.act = act::break_watch{.event = 2}});
  EXPECT_EQ(bench.open("/w?watch=true"), "200");
  std::string got;
  while (got.find("\"b\"") == std::string::npos && got.size() < 20)
    got += bench.read();
  EXPECT_EQ(got, "{\"a\":1}\n{\"b\"");
  EXPECT_EQ(bench.read(), "connection lost");
  EXPECT_THAT(bench.door.notes().text(1, 1), HasSubstr("broken in the middle of event 2"));
}

TEST(gate_faults, a_watch_can_be_refused_held_and_cut_like_any_request) {
  gate_bench bench({{read_request(), reply(events_reply("{}\n")), hold()}});
  bench.door.impose({.act = act::answer{moment::before, 410, {}, ""}});
  bench.door.impose({.nth = 2, .act = act::cut{moment::after}});
  EXPECT_EQ(bench.open("/w?watch=true"), "410");
  EXPECT_EQ(bench.open("/w?watch=true"), "connection lost");
  const auto held = bench.door.impose({.act = act::hold{moment::after}});
  bench.door.rules().release(held);
  EXPECT_EQ(bench.open("/w?watch=true"), "200");
  EXPECT_EQ(bench.read(), "{}\n");
}

TEST(watch_lines, break_where_they_are_told_to_however_the_bytes_come) {
  const std::string events = "one\ntwo\nthree\n";
  for (std::size_t size = 1; size <= events.size(); ++size) {
    watch_lines lines(3);
    std::string passed;
    for (std::size_t at = 0; at < events.size(); at += size)
      passed += lines.pass(events.substr(at, size));
    EXPECT_EQ(passed, "one\ntwo\nth") << "in pieces of " << size;
    EXPECT_TRUE(lines.is_broken());
  }
}

TEST(watch_lines, pass_everything_when_nothing_is_to_break) {
  watch_lines lines(0);
  EXPECT_EQ(lines.pass("one\ntw"), "one\ntw");
  EXPECT_FALSE(lines.is_broken());
}

}  // namespace
}  // namespace platformer::test
