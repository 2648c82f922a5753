// What needs an hour, and clocks that are set: the operator runs with a system clock that the test shifts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <fstream>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

struct shifted {
  scenario it;
  const std::filesystem::path file = it.folder / "clock-shift";

  shifted() { write(0s, 0s); }
  // The machine's clock is set, all in all by so much.
  void shift(std::chrono::seconds by) const { write(by, 0s); }
  // So much time has passed since the start, beside what has.
  void pass(std::chrono::seconds span) const { write(0s, span); }
  // In place, as the operator has mapped it.
  void write(std::chrono::seconds set, std::chrono::seconds passed) const {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    if (!out) out.open(file, std::ios::out | std::ios::binary);
    const std::array<std::int64_t, 2> seconds{set.count(), passed.count()};
    out.write(reinterpret_cast<const char*>(seconds.data()), sizeof seconds);
  }
  operator_process& start() {
    return it.start_operator({.environment = {{"LD_PRELOAD", PLATFORMER_SHIFTED_CLOCK},
                                              {"PLATFORMER_CLOCK_SHIFT", file.string()}}});
  }
  void make(const std::string& name, const std::string& spec = "") {
    it.kube.apply(service_account_yaml(name, spec));
    ASSERT_TRUE(it.kube.wait("psa/" + name, "condition=Ready", usual_wait));
  }
  bool looks_again(std::size_t times) {
    const std::size_t before = it.console.calls("listServiceAccounts");
    return eventually(usual_wait, [&] { return it.console.calls("listServiceAccounts") >= before + times; });
  }
};

TEST(clock, an_orphan_is_deleted_after_an_hour_where_the_connection_says_so) {
  shifted at;
  at.it.connect("interval: 1s\norphanPolicy: Delete");
  at.start();
  at.make("ci-bot");
  at.make("stays");
  const std::string id = at.it.kube.object("psa/ci-bot")["status"]["accountID"];
  at.it.the_operator().stop();
  at.it.kube.must({"patch", "psa", "ci-bot", "--type=merge", "-p", R"({"metadata":{"finalizers":[]}})"});
  at.it.kube.must({"delete", "psa", "ci-bot", "--timeout=30s"});
  at.start();
  ASSERT_TRUE(eventually(usual_wait, [&] {
    return at.it.kube.object("pcc/default")["status"].value("orphans", json::array()) ==
           json::array({"ci-bot"});
  }));
  at.pass(58min);
  ASSERT_TRUE(at.looks_again(2));
  EXPECT_FALSE(at.it.console.account(id).is_null()) << "not before its hour is over";
  at.pass(62min);
  EXPECT_TRUE(eventually(usual_wait, [&] { return at.it.console.account(id).is_null(); }));
  EXPECT_EQ(at.it.console.accounts().size(), 1U);
  EXPECT_TRUE(eventually(usual_wait,
                         [&] { return !at.it.kube.object("pcc/default")["status"].contains("orphans"); }));
}

TEST(clock, that_is_set_back_does_not_put_off_what_comes_again_and_again) {
  shifted at;
  at.it.connect("interval: 1s");
  at.start();
  at.make("ci-bot");
  ASSERT_TRUE(at.looks_again(2));
  for (const auto by : {-60min, -120min, 60min, 0min}) {
    at.shift(by);
    EXPECT_TRUE(at.looks_again(5)) << by.count();
  }
  EXPECT_EQ(at.it.console.calls("createServiceAccount"), 1U);
}

TEST(clock, set_by_an_hour_in_either_direction_mints_and_loses_nothing) {
  shifted at;
  at.it.connect("interval: 1s");
  at.start();
  at.make("ci-bot", "token: {lifetime: 720h, verifyInterval: 1h}");
  const std::string token = token_of(at.it, "ci-bot-token");
  int asked = 0;
  for (const auto by : {60min, 0min, -60min, 0min}) {
    at.shift(by);
    const std::string look = "look-" + std::to_string(++asked);
    at.it.kube.must({"annotate", "psa", "ci-bot", "--overwrite", "console.platformer.com/reconcile=" + look});
    ASSERT_TRUE(eventually(usual_wait, [&] {
      return at.it.kube.object("psa/ci-bot")["status"].value("lastHandledReconcileAt", "") == look;
    })) << by.count();
    EXPECT_EQ(reason_of(at.it, "psa/ci-bot"), "Issued");
  }
  EXPECT_TRUE(token_of(at.it, "ci-bot-token") == token);
  EXPECT_EQ(at.it.console.calls("createServiceAccount"), 1U);
  EXPECT_EQ(at.it.console.calls("renewServiceAccountToken"), 0U);
  // What is asked for under a clock that is wrong is done.
  at.shift(-60min);
  ask_to_renew(at.it, "ci-bot", "one");
  EXPECT_TRUE(comes_to_revision(at.it, "ci-bot", 2));
  at.shift(0min);
  ask_to_renew(at.it, "ci-bot", "two");
  EXPECT_TRUE(comes_to_revision(at.it, "ci-bot", 3));
}

}  // namespace
}  // namespace platformer::test
