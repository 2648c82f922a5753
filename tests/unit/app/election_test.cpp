// What the program logs, reports and allows in the course of an election, in front of a scripted apiserver.
#include "app/election.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "tests/unit/app/small_world.hpp"
#include "tests/unit/kube/scripted_cluster.hpp"

namespace platformer::app {
namespace {

using namespace std::chrono_literals;
using kube::testing::answers;
using kube::testing::failure;
using kube::testing::json_reply;
using kube::testing::scripted_cluster;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(lease_name, is_the_programs_for_an_operator_of_everything) {
  EXPECT_EQ(lease_name({}, ""), "platformer-operator");
}

TEST(lease_name, differs_with_the_scope_and_stays_with_it) {
  EXPECT_EQ(lease_name({"a"}, ""), "platformer-operator-e27676a4");
  const std::vector<std::string> all = {lease_name({}, ""),           lease_name({"a"}, ""),
                                        lease_name({"a", "b"}, ""),   lease_name({"ab"}, ""),
                                        lease_name({}, "a"),          lease_name({"a"}, "team=a"),
                                        lease_name({"a"}, "team=b"),  lease_name({"a", "b"}, "team=a"),
                                        lease_name({"a,b"}, "team=a")};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_LE(all[i].size(), 63U);
    EXPECT_EQ(std::count(all.begin(), all.end(), all[i]), all[i] == lease_name({"a", "b"}, "team=a") ? 2 : 1)
        << all[i];
  }
}

std::string record(const std::string& holder, const std::string& version) {
  lease made;
  made.meta = {.name = "platformer-operator", .ns = "ops", .uid = "u", .resource_version = version};
  made.spec.holder = holder;
  made.spec.lease_duration = 15s;
  return encode_lease(made).dump();
}

struct contest : testing::small_world, scripted_cluster {
  explicit contest(std::vector<std::string> replies, options given = {})
      : scripted_cluster({answers(std::move(replies))}), wanted(std::move(given)) {
    in.executor = context.get_executor();
    wanted.leader_election_namespace = "ops";
    wanted.retry_period = 5ms;
    election::hooks told;
    told.on_led = [this] { ++led; };
    told.on_lost = [this] { ++lost; };
    it.emplace(in, wanted, client, std::move(told));
    boost::asio::co_spawn(context, it->run(), boost::asio::detached);
  }
  void until(const std::function<bool()>& holds) {
    const time_point deadline = kube::boot_time() + 20s;
    while (!holds() && kube::boot_time() < deadline)
      context.run_one_for(1s);
    EXPECT_TRUE(holds());
  }
  std::string gauge() {
    const std::string text = meters.serialize();
    const std::string series = "leader_election_master_status{name=\"platformer-operator\"} ";
    const auto at = text.find(series);
    return at == std::string::npos ? "" : text.substr(at + series.size(), 1);
  }

  options wanted;
  int led = 0;
  int lost = 0;
  std::optional<election> it;
};

TEST(an_election, that_was_won_opens_the_fence_and_says_since_when) {
  const std::string date = "Date: Mon, 23 Nov 2026 08:15:30 GMT\r\n";
  contest one({failure(404, "NotFound", ""), json_reply(201, record("here_1", "1"), date)});
  EXPECT_TRUE(one.in.elects);
  EXPECT_FALSE(one.in.may_call());
  EXPECT_EQ(one.gauge(), "0");
  one.until([&] { return one.led == 1; });
  EXPECT_TRUE(one.in.may_call());
  EXPECT_TRUE(one.it->leads());
  EXPECT_EQ(one.in.leading_since, parse_rfc3339("2026-11-23T08:15:30Z"));
  EXPECT_EQ(one.gauge(), "1");
  EXPECT_THAT(one.lines.str(), HasSubstr("leading"));
  EXPECT_EQ(one.it->check().failure, "");
  EXPECT_EQ(one.it->check().note, "leader, holds lease ops/platformer-operator");
}

TEST(a_standby, is_ready_and_names_the_holder) {
  contest one({json_reply(200, record("other-pod_5c1e", "1"))});
  one.until([&] { return one.lines.str().find("held by") != std::string::npos; });
  EXPECT_THAT(one.lines.str(), HasSubstr("standby: lease ops/platformer-operator is held by other-pod_5c1e"));
  EXPECT_EQ(one.it->check().failure, "");
  EXPECT_EQ(one.it->check().note, "standby, lease ops/platformer-operator is held by other-pod_5c1e");
  EXPECT_FALSE(one.in.may_call());
  EXPECT_EQ(one.led, 0);
}

TEST(before_its_caches_are_warm, a_replica_is_no_candidate) {
  testing::small_world world;
  scripted_cluster cluster({});
  const election it(world.in, {}, cluster.client, {});
  EXPECT_EQ(it.check().failure, "");
  EXPECT_EQ(it.check().note, "no candidate yet, the caches come first");
  EXPECT_FALSE(world.in.may_call());
}

TEST(a_missing_lease_right, fails_the_check_and_is_logged) {
  contest one({failure(403, "Forbidden", "no")});
  one.until([&] { return !one.it->check().failure.empty(); });
  EXPECT_THAT(one.it->check().failure, HasSubstr("grant get on leases.coordination.k8s.io in namespace ops"));
  EXPECT_THAT(one.lines.str(), HasSubstr("grant get on leases.coordination.k8s.io in namespace ops"));
}

TEST(a_lost_leadership, closes_the_fence_and_says_who_has_it) {
  contest one({failure(404, "NotFound", ""), json_reply(201, record("here_1", "1")),
               failure(409, "Conflict", ""), json_reply(200, record("other-pod_5c1e", "2"))});
  one.until([&] { return one.lost == 1; });
  EXPECT_EQ(one.led, 1);
  EXPECT_FALSE(one.in.may_call());
  EXPECT_FALSE(one.it->leads());
  EXPECT_EQ(one.gauge(), "0");
  EXPECT_THAT(one.lines.str(), HasSubstr("leadership lost: lease ops/platformer-operator is held by "
                                         "other-pod_5c1e; ending with status 1"));
}

TEST(the_fence, closes_at_the_renew_deadline_even_if_nobody_has_noticed) {
  options tight;
  tight.lease_duration = 1s;
  tight.renew_deadline = 100ms;
  contest one({failure(404, "NotFound", ""), json_reply(201, record("here_1", "1"))}, tight);
  one.until([&] { return one.led == 1; });
  const time_point led_at = kube::boot_time();
  EXPECT_TRUE(one.in.may_call());
  while (kube::boot_time() < led_at + 100ms)
    continue;  // the process is stopped: its loop does not run
  EXPECT_TRUE(one.it->leads());
  EXPECT_FALSE(one.in.may_call());
}

}  // namespace
}  // namespace platformer::app
