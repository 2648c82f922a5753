// Who asks for metrics is put to Kubernetes; whoever it does not let has a reply that says why.
#include "app/scrape_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <sstream>

#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using kube::testing::answers;
using kube::testing::failure;
using kube::testing::json_reply;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string known = json_reply(
    201,
    R"({"status":{"authenticated":true,"user":{"username":"system:serviceaccount:monitoring:prometheus"}}})");
const std::string nobody =
    json_reply(201, R"({"status":{"authenticated":false,"error":"canary-token is bad"}})");
const std::string yes = json_reply(201, R"({"status":{"allowed":true}})");
const std::string no = json_reply(201, R"({"status":{"allowed":false}})");

struct guarded {
  explicit guarded(std::vector<test::script> scripts) : cluster(std::move(scripts)) {
    guard = std::make_shared<scrape_guard>(cluster.context.get_executor(), *cluster.client, log,
                                           [this] { return now; });
  }
  std::optional<probe_reply> ask(const std::string& authorization = "Bearer canary-token") {
    return kube::testing::run(cluster.context, guard->refuse(authorization, "/metrics"));
  }
  unsigned status(const std::string& authorization = "Bearer canary-token") {
    const auto refusal = ask(authorization);
    return refusal ? refusal->status : 200;
  }

  std::ostringstream lines;
  logger log{{.sink = std::make_shared<spdlog::sinks::ostream_sink_st>(lines)}};
  time_point now{1h};
  kube::testing::scripted_cluster cluster;
  std::shared_ptr<scrape_guard> guard;
};

TEST(scrape_guard, lets_whom_kubernetes_lets) {
  guarded it({answers({known, yes})});
  EXPECT_EQ(it.ask(), std::nullopt);
  EXPECT_EQ(it.cluster.seen(0).json()["spec"]["token"], "canary-token");
  EXPECT_EQ(it.cluster.seen(1).json()["spec"]["nonResourceAttributes"],
            (nlohmann::json{{"path", "/metrics"}, {"verb", "get"}}));
}

TEST(scrape_guard, asks_once_in_ten_seconds) {
  guarded it({answers({known, yes, known, no})});
  EXPECT_EQ(it.status(), 200U);
  it.now += 9999ms;
  EXPECT_EQ(it.status(), 200U);
  EXPECT_EQ(it.cluster.server.requests().size(), 2U);
  it.now += 1ms;
  EXPECT_EQ(it.status(), 403U);
  EXPECT_EQ(it.cluster.server.requests().size(), 4U);
}

TEST(scrape_guard, without_a_token_nothing_is_asked) {
  guarded it({});
  for (const char* header : {"", "Basic YTpi", "Bearer", "Bearer a b"}) {
    const auto refusal = it.ask(header);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 401U);
    EXPECT_EQ(refusal->challenge, "Bearer");
    EXPECT_THAT(refusal->body, HasSubstr("a Kubernetes bearer token is needed"));
  }
  EXPECT_TRUE(it.cluster.server.requests().empty());
}

TEST(scrape_guard, a_token_of_nobody_is_a_401_without_what_the_server_said) {
  guarded it({answers({nobody})});
  const auto refusal = it.ask();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 401U);
  EXPECT_THAT(refusal->body, AllOf(HasSubstr("does not know this bearer token"), Not(HasSubstr("canary"))));
}

TEST(scrape_guard, somebody_without_the_right_is_named_and_told_what_is_lacking) {
  guarded it({answers({known, no})});
  const auto refusal = it.ask();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 403U);
  EXPECT_THAT(refusal->body, AllOf(HasSubstr("system:serviceaccount:monitoring:prometheus may not scrape"),
                                   HasSubstr("nonResourceURL /metrics")));
  EXPECT_THAT(it.lines.str(), HasSubstr("system:serviceaccount:monitoring:prometheus"));
}

TEST(scrape_guard, nobody_scrapes_while_kubernetes_does_not_answer) {
  const std::vector<test::script> outages[] = {
      {answers({failure(500, "InternalError", "canary-token")})},
      {answers({known, failure(500, "InternalError", "canary-token")})},
      {answers({json_reply(200, "nonsense")})},
      {answers({known, json_reply(201, R"({"status":{}})")})},
      {{test::read_request()}, {test::read_request()}},
  };
  for (const auto& scripts : outages) {
    guarded it(scripts);
    const auto refusal = it.ask();
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 503U);
    EXPECT_THAT(refusal->body, AllOf(HasSubstr("Kubernetes does not answer ("), Not(HasSubstr("canary"))));
    EXPECT_THAT(it.lines.str(),
                AllOf(HasSubstr("who may scrape can't be found out"), Not(HasSubstr("canary"))));
  }
}

TEST(scrape_guard, a_scraper_is_not_let_in_on_the_strength_of_an_old_answer) {
  guarded it({answers({known, yes, failure(500, "InternalError", ""), known, yes})});
  EXPECT_EQ(it.status(), 200U);
  it.now += 10s;
  EXPECT_EQ(it.status(), 503U);
  EXPECT_EQ(it.status(), 503U) << "remembered for a second";
  EXPECT_EQ(it.cluster.server.requests().size(), 3U);
  it.now += 1s;
  EXPECT_EQ(it.status(), 200U);
}

TEST(scrape_guard, a_right_that_the_operator_lacks_is_named) {
  guarded reviews({answers({failure(403, "Forbidden", "no")})});
  EXPECT_THAT(reviews.ask()->body, HasSubstr("RBAC must grant the operator the verb create on tokenreviews"));
  guarded access({answers({known, failure(403, "Forbidden", "no")})});
  EXPECT_THAT(access.ask()->body, HasSubstr("create on subjectaccessreviews"));
}

TEST(scrape_guard, those_who_come_together_with_one_token_are_one_question) {
  guarded it({answers({known, yes})});
  int let = 0;
  for (int i = 0; i < 5; ++i)
    boost::asio::co_spawn(
        it.cluster.context,
        [&]() -> boost::asio::awaitable<void> {
          const auto refusal = co_await it.guard->refuse("Bearer canary-token", "/metrics");
          if (!refusal && ++let == 5) it.cluster.context.stop();
        },
        boost::asio::detached);
  it.cluster.context.run_for(10s);
  EXPECT_EQ(let, 5);
  EXPECT_EQ(it.cluster.server.requests().size(), 2U);
}

TEST(scrape_guard, its_end_lets_those_go_who_wait) {
  guarded it({{test::read_request(), test::hold()}});
  std::optional<probe_reply> second;
  boost::asio::co_spawn(it.cluster.context, it.guard->refuse("Bearer canary-token", "/metrics"),
                        [](std::exception_ptr, std::optional<probe_reply>) {});
  boost::asio::co_spawn(it.cluster.context, it.guard->refuse("Bearer canary-token", "/metrics"),
                        [&](std::exception_ptr, std::optional<probe_reply> reply) {
                          second = std::move(reply);
                          it.cluster.context.stop();
                        });
  boost::asio::post(it.cluster.context, [&] { it.guard->stop(); });
  it.cluster.context.run_for(10s);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 503U);
  EXPECT_THAT(second->body, HasSubstr("shutting down"));
}

}  // namespace
}  // namespace platformer::app
