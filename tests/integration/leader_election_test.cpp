// Several replicas of the real program: one acts, another takes over, and nothing is minted twice. Prints how
// long taking over took.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <regex>

#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using steady = std::chrono::steady_clock;

constexpr const char* lease_role = "platformer-operator";

// The sample's Role for the operator's own namespace, in the scenario's.
void copy_lease_role(scenario& it) {
  const kubectl home(the_environment().admin_kubeconfig(), "platformer-system");
  const nlohmann::json sample = home.object(std::string("role.rbac.authorization.k8s.io/") + lease_role);
  const nlohmann::json copy = {{"apiVersion", "rbac.authorization.k8s.io/v1"},
                               {"kind", "Role"},
                               {"metadata", {{"name", lease_role}}},
                               {"rules", sample["rules"]}};
  it.kube.create(copy.dump());
}

void grant_leases(scenario& it) {
  it.kube.must({"create", "rolebinding", "leases", std::string("--role=") + lease_role, "--user=" + it.user});
}

// Replicas of one operator over the scenario's namespace.
struct replicas {
  scenario it;
  std::vector<std::unique_ptr<operator_process>> all;

  explicit replicas(bool may_use_leases = true) {
    copy_lease_role(it);
    if (may_use_leases)
      grant_leases(it);
    else
      it.expect_refusals();
    it.connect("timeout: 2s");
  }
  operator_process& start(std::vector<std::string> further = {}) {
    operator_options options;
    options.arguments = {"--leader-elect", "--leader-election-namespace", it.name_space};
    options.arguments.insert(options.arguments.end(), further.begin(), further.end());
    const auto log = it.folder / ("replica-" + std::to_string(all.size()) + ".log");
    all.push_back(
        std::make_unique<operator_process>(it.operator_kubeconfig(), it.name_space, log, std::move(options)));
    all.back()->get("/livez");  // so that its address is known before its log is waited for
    return *all.back();
  }
  // One that leads and one that stands by.
  void start_two() {
    ASSERT_TRUE(start().program().wait_for_line(" leading", usual_wait)) << all[0]->program().output();
    ASSERT_TRUE(start().program().wait_for_line("standby: lease", usual_wait)) << all[1]->program().output();
  }
  void apply_many(const std::string& prefix, int count) {
    std::string yaml;
    for (int i = 0; i < count; ++i)
      yaml += "---\n" + service_account_yaml(prefix + "-" + std::to_string(i));
    it.kube.apply(yaml);
  }
  testing::AssertionResult all_ready() {
    const finished got =
        it.kube.run({"wait", "psa", "--all", "--for=condition=Ready", "--timeout=60s"}, "", 70s);
    if (got.exit_code == 0) return testing::AssertionSuccess();
    return testing::AssertionFailure() << got.err << it.kube.run({"get", "psa", "-o", "wide"}).out;
  }
  // How often a token was issued, over all accounts.
  int minted() {
    int count = 0;
    for (const auto& each : it.console.accounts())
      count += each["tokens_issued"].get<int>();
    return count;
  }
  nlohmann::json lease() {
    const nlohmann::json leases = it.kube.items({"leases"});
    return leases.size() == 1 ? leases[0] : nlohmann::json();
  }
};

testing::AssertionResult leads_within(operator_process& program, steady::time_point since,
                                      std::chrono::milliseconds limit, const char* what) {
  const auto line = program.program().wait_for_line(" leading", 60s);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - since);
  if (!line) return testing::AssertionFailure() << "nobody took over:\n" << program.program().output();
  std::printf("taking over after %s: %lld ms (bound %lld ms)\n", what, static_cast<long long>(took.count()),
              static_cast<long long>(limit.count()));
  if (took <= limit) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "took " << took.count() << " ms";
}

TEST(leader_election, one_replica_acts_and_the_other_is_a_ready_standby) {
  replicas two;
  two.start_two();
  ASSERT_TRUE(two.all[0]->ready());
  ASSERT_TRUE(two.all[1]->ready());
  two.apply_many("ci", 10);
  ASSERT_TRUE(two.all_ready());
  EXPECT_EQ(two.it.console.accounts().size(), 10U);
  EXPECT_EQ(two.minted(), 10);
  EXPECT_EQ(two.it.console.calls("createServiceAccount"), 10U);

  const nlohmann::json lease = two.lease();
  const std::string name = lease["metadata"]["name"];
  EXPECT_TRUE(std::regex_match(name, std::regex("platformer-operator-[0-9a-f]{8}"))) << name;
  const std::string holder = lease["spec"]["holderIdentity"];
  const std::string gauge = "leader_election_master_status{name=\"" + name + "\"} ";
  EXPECT_THAT(two.all[0]->get("/metrics").body, HasSubstr(gauge + "1\n"));
  EXPECT_THAT(two.all[1]->get("/metrics").body, HasSubstr(gauge + "0\n"));
  EXPECT_THAT(two.all[0]->get("/readyz?verbose").body, HasSubstr("leader election ok: leader, holds lease"));
  EXPECT_THAT(two.all[1]->get("/readyz?verbose").body,
              HasSubstr("leader election ok: standby, lease " + two.it.name_space + "/" + name +
                        " is held by " + holder));
  EXPECT_THAT(two.all[1]->program().output(),
              HasSubstr("standby: lease " + two.it.name_space + "/" + name + " is held by " + holder));
  EXPECT_THAT(two.all[1]->get("/metrics").body, Not(HasSubstr("platformer_operator_console_requests_total{")))
      << "a standby calls nobody";
}

TEST(leader_election, a_standby_takes_over_within_three_seconds_of_a_sigterm) {
  replicas two;
  two.start_two();
  two.apply_many("before", 3);
  ASSERT_TRUE(two.all_ready());
  const auto since = steady::now();
  two.all[0]->program().signal(SIGTERM);
  ASSERT_TRUE(leads_within(*two.all[1], since, 3s, "SIGTERM"));
  EXPECT_EQ(two.all[0]->program().wait_exit(10s), 0);
  two.apply_many("after", 3);
  ASSERT_TRUE(two.all_ready());
  EXPECT_EQ(two.minted(), 6);
  EXPECT_EQ(two.it.console.accounts().size(), 6U);
  EXPECT_EQ(two.lease()["spec"]["leaseTransitions"], 1);
}

TEST(leader_election, a_standby_takes_over_within_twenty_seconds_of_a_sigkill) {
  replicas two;
  two.start_two();
  two.apply_many("before", 3);
  ASSERT_TRUE(two.all_ready());
  const auto since = steady::now();
  two.all[0]->program().kill();
  two.it.kube.apply(service_account_yaml("between"));
  two.it.console.clear_calls();
  ASSERT_TRUE(leads_within(*two.all[1], since, 20s, "SIGKILL"));
  ASSERT_TRUE(two.all_ready());
  EXPECT_EQ(two.it.console.calls("listServiceAccounts"), 1U) << "the one before may have created its account";
  // creationTimestamp has whole seconds: until the next one, nothing is provably new.
  two.it.kube.apply(service_account_yaml("first-after"));
  ASSERT_TRUE(two.all_ready());
  two.it.console.clear_calls();
  two.it.kube.apply(service_account_yaml("after"));
  ASSERT_TRUE(two.all_ready());
  EXPECT_EQ(two.it.console.calls("listServiceAccounts"), 0U);
  EXPECT_EQ(two.minted(), 6);
  EXPECT_EQ(two.it.console.accounts().size(), 6U);
}

TEST(leader_election, a_leader_killed_in_the_middle_of_a_call_is_recovered_from) {
  replicas two;
  two.start_two();
  two.it.console.add_fault({{"operation", "createServiceAccount"}, {"count", 1}, {"hang", "after_commit"}});
  two.it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(eventually(usual_wait, [&] { return two.it.console.accounts().size() == 1; }));
  two.all[0]->program().kill();
  ASSERT_TRUE(two.all_ready());
  ASSERT_EQ(two.it.console.accounts().size(), 1U);
  EXPECT_EQ(two.minted(), 2);
  EXPECT_EQ(two.it.kube.object("psa/ci-bot")["status"]["token"]["cause"], "Recovery");
  EXPECT_TRUE(two.it.console.is_live(token_of(two.it, "ci-bot-token")));
}

TEST(leader_election, a_restarted_leader_in_a_burst_mints_nothing_twice) {
  replicas two;
  two.start_two();
  two.apply_many("one", 20);
  two.all[0]->program().signal(SIGTERM);
  two.apply_many("two", 20);
  EXPECT_EQ(two.all[0]->program().wait_exit(20s), 0);
  two.all[0]->restart();
  two.apply_many("three", 20);
  ASSERT_TRUE(two.all_ready());
  EXPECT_EQ(two.it.console.accounts().size(), 60U);
  EXPECT_EQ(two.minted(), 60);
  std::printf("second mints during a burst of 60 with a restarted leader: %d\n", two.minted() - 60);
}

TEST(leader_election, a_leader_whose_lease_is_taken_ends_with_status_one) {
  replicas one;
  ASSERT_TRUE(one.start().program().wait_for_line(" leading", usual_wait));
  const std::string name = one.lease()["metadata"]["name"];
  one.it.kube.must(
      {"patch", "lease", name, "--type=merge", "-p", R"({"spec":{"holderIdentity":"somebody"}})"});
  EXPECT_EQ(one.all[0]->program().wait_exit(20s), 1);
  EXPECT_THAT(one.all[0]->program().output(), AllOf(HasSubstr("leadership lost: lease " + one.it.name_space +
                                                              "/" + name + " is held by somebody"),
                                                    HasSubstr("ended")));
}

TEST(leader_election, a_leader_that_was_stopped_acts_no_more_when_it_wakes) {
  replicas two;
  two.start_two();
  two.it.kube.apply(service_account_yaml("ci-bot"));
  ASSERT_TRUE(two.all_ready());
  two.all[0]->program().signal(SIGSTOP);
  ASSERT_TRUE(two.all[1]->program().wait_for_line(" leading", 30s)) << two.all[1]->program().output();
  two.it.kube.must({"annotate", "psa", "ci-bot", "console.platformer.com/renew=1"});
  two.it.kube.apply(service_account_yaml("other"));
  ASSERT_TRUE(comes_to_revision(two.it, "ci-bot", 2));
  ASSERT_TRUE(two.all_ready());
  two.all[0]->program().signal(SIGCONT);
  EXPECT_EQ(two.all[0]->program().wait_exit(20s), 1);
  EXPECT_THAT(two.all[0]->program().output(), HasSubstr("leadership lost"));
  EXPECT_EQ(two.minted(), 3);
  EXPECT_TRUE(two.it.console.is_live(token_of(two.it, "ci-bot-token")));
}

TEST(leader_election, a_missing_lease_right_is_named_and_used_once_granted) {
  replicas one(false);
  operator_process& program = one.start();
  plain_reply last;
  ASSERT_TRUE(eventually(usual_wait, [&] {
    last = program.get("/readyz");
    return last.status == 503 && last.body.find("leader election failed") != std::string::npos;
  })) << last.body;
  EXPECT_THAT(last.body,
              HasSubstr("grant get on leases.coordination.k8s.io in namespace " + one.it.name_space));
  EXPECT_THAT(program.program().output(), HasSubstr("grant get on leases.coordination.k8s.io"));
  EXPECT_EQ(program.get("/livez").status, 200);
  one.it.kube.apply(service_account_yaml("ci-bot"));
  grant_leases(one.it);
  EXPECT_TRUE(one.all_ready());
  EXPECT_TRUE(program.ready());
}

TEST(leader_election, operators_of_different_scopes_have_leases_of_their_own) {
  replicas two;
  ASSERT_TRUE(two.start({"--selector", "team=a"}).program().wait_for_line(" leading", usual_wait));
  ASSERT_TRUE(two.start({"--selector", "team=b"}).program().wait_for_line(" leading", usual_wait));
  EXPECT_EQ(two.it.kube.items({"leases"}).size(), 2U);
}

TEST(leader_election, a_deleted_lease_is_put_back_by_its_leader) {
  replicas two;
  two.start_two();
  const nlohmann::json before = two.lease();
  two.it.kube.must({"delete", "lease", before["metadata"]["name"]});
  ASSERT_TRUE(eventually(usual_wait, [&] {
    const nlohmann::json now = two.lease();
    return now.is_object() && now["spec"]["holderIdentity"] == before["spec"]["holderIdentity"];
  }));
  EXPECT_TRUE(two.all[0]->program().running());
  EXPECT_THAT(two.all[1]->program().output(), Not(HasSubstr(" leading")));
}

}  // namespace
}  // namespace platformer::test
