#include "kube/leader_elector.hpp"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::kube {
namespace {

using namespace std::chrono_literals;
using runtime::lease_loss;
using runtime::lease_role;
using test::hold;
using test::read_request;
using test::reply;
using test::reset;
using testing::answers;
using testing::failure;
using testing::json_reply;
using testing::scripted_cluster;

const std::string one_lease = "/apis/coordination.k8s.io/v1/namespaces/ops/leases/platformer-operator";
const std::string all_leases = "/apis/coordination.k8s.io/v1/namespaces/ops/leases";

std::string record(const std::string& holder, const std::string& version) {
  lease made;
  made.meta = {.name = "platformer-operator", .ns = "ops", .uid = "u", .resource_version = version};
  made.spec.holder = holder;
  made.spec.lease_duration = 15s;
  return encode_lease(made).dump();
}

// Renews every few milliseconds, so that a test takes no longer.
runtime::lease_options quick() {
  runtime::lease_options options;
  options.identity = "us";
  options.retry_period = 5ms;
  return options;
}

struct election : scripted_cluster {
  explicit election(std::vector<test::script> scripts, runtime::lease_options fsm = quick())
      : scripted_cluster(std::move(scripts)) {
    leader_elector_options options;
    options.lease = {"ops", "platformer-operator"};
    options.fsm = std::move(fsm);
    options.on_started_leading = [this] { told.push_back("leading"); };
    options.on_lost = [this](lease_loss why) {
      told.push_back(why == lease_loss::taken ? "lost: taken" : "lost: not renewed");
    };
    options.on_new_holder = [this](const std::string& holder) { told.push_back("holder " + holder); };
    options.on_problem = [this](const std::string& text) { problems.push_back(text); };
    elector.emplace(context.get_executor(), client, std::move(options));
    boost::asio::co_spawn(context, elector->run(), boost::asio::detached);
  }
  void until(const std::function<bool()>& holds) {
    const time_point deadline = boot_time() + 20s;
    while (!holds() && boot_time() < deadline)
      context.run_one_for(1s);
    EXPECT_TRUE(holds());
  }
  void until_told(const std::string& text) {
    until([&] { return !told.empty() && told.back() == text; });
  }
  void release() {
    const auto releasing = [&]() -> boost::asio::awaitable<bool> {
      co_await elector->release();
      co_return true;
    };
    testing::run(context, releasing());
  }
  std::vector<std::string> told;
  std::vector<std::string> problems;
  std::optional<leader_elector> elector;
};

TEST(the_elector, creates_renews_and_releases_the_lease) {
  election it({answers({failure(404, "NotFound", "no such lease"), json_reply(201, record("us", "1")),
                        json_reply(200, record("us", "2")), json_reply(200, record("", "3"))})});
  it.until([&] { return it.server.requests().size() == 3; });
  it.until([&] { return it.elector->status().role == lease_role::leader; });
  it.release();
  EXPECT_EQ(it.seen(0).line, "GET " + one_lease + " HTTP/1.1");
  EXPECT_EQ(it.seen(1).line, "POST " + all_leases + "?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(1).json()["metadata"]["name"], "platformer-operator");
  EXPECT_EQ(it.seen(1).json()["spec"]["holderIdentity"], "us");
  EXPECT_EQ(it.seen(1).json()["spec"]["leaseDurationSeconds"], 15);
  EXPECT_EQ(it.seen(2).line, "PUT " + one_lease + "?fieldManager=platformer-operator HTTP/1.1");
  EXPECT_EQ(it.seen(2).json()["metadata"]["resourceVersion"], "1");
  EXPECT_EQ(it.seen(2).json()["metadata"]["uid"], "u");
  EXPECT_EQ(it.seen(3).json()["spec"]["holderIdentity"], "");
  EXPECT_EQ(it.told, (std::vector<std::string>{"holder us", "leading", "holder "}));
  EXPECT_EQ(it.elector->status().role, lease_role::released);
  EXPECT_FALSE(it.elector->leading());
  EXPECT_TRUE(it.problems.empty());
}

TEST(the_elector, knows_the_servers_time_at_which_it_began_to_lead) {
  const std::string before = "Date: Mon, 23 Nov 2026 08:00:00 GMT\r\n";
  const std::string then = "Date: Mon, 23 Nov 2026 08:15:30 GMT\r\n";
  election it(
      {answers({failure(404, "NotFound", "no such lease", before), json_reply(201, record("us", "1"), then),
                json_reply(200, record("us", "2"), before)})});
  it.until_told("leading");
  EXPECT_EQ(it.elector->status().leading_since, parse_rfc3339("2026-11-23T08:15:30Z"));
}

TEST(the_elector, fences_by_its_own_clock) {
  election it({answers({failure(404, "NotFound", ""), json_reply(201, record("us", "1"))})});
  EXPECT_FALSE(it.elector->leading());
  it.until_told("leading");
  EXPECT_TRUE(it.elector->leading());
  EXPECT_TRUE(it.elector->valid_for(10s));
  EXPECT_FALSE(it.elector->valid_for(15s));
}

TEST(a_standby, tells_who_holds_the_lease) {
  election it({answers({json_reply(200, record("them", "1")), json_reply(200, record("them", "2")),
                        json_reply(200, record("others", "3"))})});
  it.until_told("holder others");
  EXPECT_EQ(it.told, (std::vector<std::string>{"holder them", "holder others"}));
  EXPECT_EQ(it.elector->status().role, lease_role::standby);
  EXPECT_FALSE(it.elector->leading());
}

TEST(a_leader, whose_lease_was_taken_says_so_and_asks_nothing_more) {
  election it({answers({failure(404, "NotFound", ""), json_reply(201, record("us", "1")),
                        failure(409, "Conflict", "modified"), json_reply(200, record("them", "2"))})});
  it.until_told("lost: taken");
  it.context.run_for(50ms);
  EXPECT_EQ(it.told, (std::vector<std::string>{"holder us", "leading", "holder them", "lost: taken"}));
  EXPECT_EQ(it.server.requests().size(), 4U);
  EXPECT_TRUE(it.problems.empty()) << "a race is no problem";
  it.release();  // nothing to give back any more
}

TEST(a_leader, that_nobody_answers_gives_up_at_its_deadline) {
  auto impatient = quick();
  impatient.renew_deadline = 300ms;
  impatient.request_timeout = 50ms;
  election it({answers({failure(404, "NotFound", ""), json_reply(201, record("us", "1"))}), {hold()}},
              impatient);
  it.until_told("lost: not renewed");
  EXPECT_EQ(it.told.back(), "lost: not renewed");
  ASSERT_FALSE(it.problems.empty());
  EXPECT_TRUE(
      it.problems.front().starts_with("leader election: can't update lease ops/platformer-operator ("))
      << it.problems.front();
}

TEST(a_renewal_without_an_answer, is_looked_up) {
  // The server stores what it then does not answer; the next connection shows it.
  election it({{read_request(), reply(failure(404, "NotFound", "")), read_request(),
                reply(json_reply(201, record("us", "1"))), read_request(), reset()},
               answers({json_reply(200, record("us", "2")), json_reply(200, record("us", "3"))})});
  it.until([&] { return it.server.requests().size() == 5; });
  EXPECT_TRUE(it.seen(2).line.starts_with("PUT "));
  EXPECT_TRUE(it.seen(3).line.starts_with("GET "));
  EXPECT_TRUE(it.seen(4).line.starts_with("PUT "));
  EXPECT_EQ(it.seen(4).json()["metadata"]["resourceVersion"], "2");
  EXPECT_TRUE(it.elector->leading());
}

TEST(a_missing_right, is_named_until_it_is_granted) {
  election it({answers({failure(403, "Forbidden", "no"), json_reply(404, "{}"),
                        failure(403, "Forbidden", "no"), json_reply(404, "{}"),
                        json_reply(201, record("us", "1")), failure(403, "Forbidden", "no")})});
  it.until([&] { return it.server.requests().size() == 6 && it.problems.size() == 5; });
  EXPECT_EQ(it.problems, (std::vector<std::string>{
                             "leader election: can't get lease ops/platformer-operator: grant get on "
                             "leases.coordination.k8s.io in namespace ops (403 forbidden: no)",
                             "",
                             "leader election: can't create lease ops/platformer-operator: grant create on "
                             "leases.coordination.k8s.io in namespace ops (403 forbidden: no)",
                             "",
                             "leader election: can't update lease ops/platformer-operator: grant update on "
                             "leases.coordination.k8s.io in namespace ops (403 forbidden: no)",
                         }));
  EXPECT_EQ(it.elector->status().problem, it.problems.back());
}

TEST(a_missing_namespace, is_named) {
  election it({answers({json_reply(404, "{}"), failure(404, "NotFound", "namespaces \"ops\" not found")})});
  it.until([&] { return !it.problems.empty(); });
  EXPECT_NE(it.problems.front().find(": is there a namespace ops?"), std::string::npos)
      << it.problems.front();
}

TEST(an_answer_that_is_no_lease, is_a_problem_and_no_leadership) {
  election it({answers({json_reply(200, "[]"), json_reply(200, "{}"), json_reply(200, R"({"metadata": 5})"),
                        json_reply(404, "{}"), json_reply(201, "{}"), json_reply(404, "{}")})});
  it.until([&] { return it.server.requests().size() == 6; });
  EXPECT_FALSE(it.elector->leading());
  EXPECT_FALSE(it.problems.empty());
  EXPECT_TRUE(it.told.empty());
}

TEST(release, of_a_standby_ends_its_wait_at_once) {
  auto slow = quick();
  slow.retry_period = 1h;
  election it({answers({json_reply(200, record("them", "1"))})}, slow);
  it.until_told("holder them");
  it.release();
  EXPECT_EQ(it.server.requests().size(), 1U);
  EXPECT_EQ(it.elector->status().role, lease_role::released);
}

TEST(release, before_the_start_is_nothing) {
  scripted_cluster cluster({});
  leader_elector elector(cluster.context.get_executor(), cluster.client,
                         {.lease = {"ops", "x"}, .fsm = quick()});
  const auto releasing = [&]() -> boost::asio::awaitable<bool> {
    co_await elector.release();
    co_return true;
  };
  EXPECT_TRUE(testing::run(cluster.context, releasing()));
}

TEST(an_elector, that_goes_away_is_silent) {
  election it({answers({failure(404, "NotFound", "")})});
  it.until([&] { return it.server.requests().size() == 1; });
  it.elector.reset();
  it.context.run_for(20ms);
  EXPECT_TRUE(it.told.empty());
}

TEST(the_boot_clock, never_goes_back) {
  const time_point first = boot_time();
  EXPECT_GE(boot_time(), first);
}

}  // namespace
}  // namespace platformer::kube
