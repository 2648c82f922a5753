// Faults that are ordered on the admin port: what the client sees, and what really happened.
#include <gtest/gtest.h>

#include "tests/unit/console_emulator/bench.hpp"

namespace platformer::emulator {
namespace {

using net::http_method;

const json create_body = {{"name", "ci"}, {"expired_in", nullptr}};
const std::string create_path = "/serviceaccount/token/create";

TEST(emulator_fault, an_error_status_changes_nothing_and_is_used_up) {
  bench console;
  console.order_fault({{"operation", "createServiceAccount"}, {"status", 503}});
  const auto refused = console.post(create_path, create_body);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.error(), "ordered fault");
  EXPECT_TRUE(console.accounts().empty());
  EXPECT_EQ(console.post(create_path, create_body).status, 200);
}

TEST(emulator_fault, too_many_requests_come_with_retry_after) {
  bench console;
  console.order_fault({{"operation", "*"}, {"status", 429}, {"retry_after", 7}});
  const auto refused = console.get("/serviceaccount/list");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.retry_after, "7");
  console.order_fault({{"status", 503}, {"retry_after", "Wed, 21 Oct 2026 07:28:00 GMT"}});
  EXPECT_EQ(console.get("/serviceaccount/list").retry_after, "Wed, 21 Oct 2026 07:28:00 GMT");
}

TEST(emulator_fault, an_error_after_the_commit_hides_a_change) {
  bench console;
  console.order_fault({{"status", 500}, {"commit", true}});
  EXPECT_EQ(console.post(create_path, create_body).status, 500);
  EXPECT_EQ(console.accounts().size(), 1U);
}

TEST(emulator_fault, a_garbage_body_hides_the_token_of_an_account_that_was_made) {
  bench console;
  console.order_fault({{"operation", "createServiceAccount"}, {"body", "<html>proxy</html>"}});
  const auto garbage = console.post(create_path, create_body);
  EXPECT_EQ(garbage.status, 200);
  EXPECT_EQ(garbage.text, "<html>proxy</html>");
  EXPECT_EQ(console.accounts().size(), 1U);
}

TEST(emulator_fault, an_empty_error_body_can_be_ordered) {
  bench console;
  console.order_fault({{"status", 502}, {"body", ""}});
  const auto refused = console.get("/serviceaccount/list");
  EXPECT_EQ(refused.status, 502);
  EXPECT_EQ(refused.text, "");
}

TEST(emulator_fault, latency_delays_the_reply) {
  bench console;
  console.order_fault({{"latency_ms", 30}});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(console.get("/serviceaccount/list").status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(30));
}

TEST(emulator_fault, skip_and_count_choose_the_calls) {
  bench console;
  console.order_fault({{"operation", "listServiceAccounts"}, {"skip", 1}, {"count", 2}, {"status", 500}});
  std::vector<int> seen;
  for (int i = 0; i < 5; ++i) {
    seen.push_back(console.get("/serviceaccount/list").status);
    EXPECT_EQ(console.get("/organization/list").status, 200) << "another operation is not hit";
  }
  EXPECT_EQ(seen, (std::vector<int>{200, 500, 500, 200, 200}));
}

TEST(emulator_fault, faults_can_be_called_off) {
  bench console;
  console.order_fault({{"count", 100}, {"status", 500}});
  EXPECT_EQ(console.admin(http_method::get, "/faults").body.at("pending"), 1);
  EXPECT_EQ(console.admin(http_method::del, "/faults").status, 200);
  EXPECT_EQ(console.get("/serviceaccount/list").status, 200);
}

struct broken_reply {
  std::string name;
  json fault;
  api_errc seen;
  bool committed;
  int journal_status;
};

void PrintTo(const broken_reply& row, std::ostream* out) {
  *out << row.name;
}

class emulator_broken_reply : public testing::TestWithParam<broken_reply> {};

TEST_P(emulator_broken_reply, of_a_create) {
  const auto& row = GetParam();
  bench console;
  json order = row.fault;
  order["operation"] = "createServiceAccount";
  console.order_fault(order);
  sender impatient;
  impatient.deadline = row.seen == api_errc::timeout ? short_time : long_enough;
  const auto lost = console.post(create_path, create_body, impatient);
  EXPECT_EQ(lost.failure, row.seen);
  EXPECT_EQ(console.accounts().size(), row.committed ? 1U : 0U);
  const auto calls = console.admin(http_method::get, "/calls").body;
  ASSERT_EQ(calls.at("calls").size(), 1U);
  EXPECT_EQ(calls.at("calls")[0].at("committed"), row.committed);
  EXPECT_EQ(calls.at("calls")[0].at("status"), row.journal_status);
  EXPECT_EQ(console.post(create_path, create_body).status, 200) << "the next call is served";
}

TEST_P(emulator_broken_reply, of_a_renewal) {
  const auto& row = GetParam();
  bench console;
  const auto made = console.create("ci");
  json order = row.fault;
  order["operation"] = "renewServiceAccountToken";
  console.order_fault(order);
  sender impatient;
  impatient.deadline = row.seen == api_errc::timeout ? short_time : long_enough;
  const auto path = "/serviceaccount/" + made.at("id").get<std::string>() + "/token/renew";
  EXPECT_EQ(console.put(path, {{"expired_in", nullptr}}, impatient).failure, row.seen);
  EXPECT_EQ(console.is_live(made.at("token").get<std::string>()), !row.committed);
}

INSTANTIATE_TEST_SUITE_P(
    faults, emulator_broken_reply,
    testing::Values(
        broken_reply{"cut_before", {{"cut", "before"}}, api_errc::connection_lost, false, 0},
        broken_reply{"cut_after_commit", {{"cut", "after_commit"}}, api_errc::connection_lost, true, 0},
        broken_reply{"cut_mid_reply", {{"cut", "mid_reply"}}, api_errc::connection_lost, true, 200},
        broken_reply{"hang_before", {{"hang", "before"}}, api_errc::timeout, false, 0},
        broken_reply{"hang_after_commit", {{"hang", "after_commit"}}, api_errc::timeout, true, 0}),
    [](const auto& row) { return row.param.name; });

TEST(emulator_fault, an_order_that_makes_no_sense_is_refused) {
  bench console;
  for (const char* order :
       {R"({"operation": "makeCoffee"})", R"({"count": 0})", R"({"count": -1})", R"({"status": 99})",
        R"({"x": 1})", R"({"cut": "sideways"})", R"({"hang": "mid_reply"})",
        R"({"cut": "before", "hang": "before"})", R"([])", R"({"latency_ms": "long"})",
        R"({"retry_after": "1\r\nX: y"})", R"({"body": 1})", R"({"commit": 1})"})
    EXPECT_EQ(console.admin(http_method::post, "/faults", json::parse(order)).status, 400) << order;
  EXPECT_EQ(console.admin(http_method::get, "/faults").body.at("pending"), 0);
}

TEST(emulator_fault, stopping_ends_waits_and_hangs) {
  // The bench's destructor would wait ten seconds for what is left behind.
  bench console;
  console.order_fault({{"hang", "before"}});
  console.order_fault({{"latency_ms", 600000}});
  sender impatient;
  impatient.deadline = short_time;
  EXPECT_EQ(console.get("/serviceaccount/list", impatient).failure, api_errc::timeout);
  EXPECT_EQ(console.get("/serviceaccount/list", impatient).failure, api_errc::timeout);
}

}  // namespace
}  // namespace platformer::emulator
