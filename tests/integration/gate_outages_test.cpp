// Servers that go away and come back, and watches that break or are too old: the operator catches up, mints
// what was asked for and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <regex>

#include "tests/integration/harness/apiserver_replica.hpp"
#include "tests/integration/harness/environment.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using namespace std::chrono_literals;
using testing::Ge;

const std::string watch_query = "watch=true";
const std::string plurals[] = {"serviceaccounts", "consoleconnections", "secrets"};
// One of each, and one of the connection's credentials.
constexpr std::size_t all_watches = std::size(plurals) + 1;

// In the query of a watch of many objects; those of one Secret have another selector.
std::string query_of(const std::string& plural) {
  return plural == "secrets" ? watch_query + ".*&labelSelector=" : watch_query;
}

// An apiserver of its own, a scenario on it, and one object.
struct outage {
  explicit outage(std::vector<std::string> arguments = {})
      : server(fresh_folder(unique_name("apiserver")), std::move(arguments)),
        at({.apiserver = server.port()}) {}

  void make_ready() {
    at.api.create("serviceaccounts", service_account_yaml(about.name));
    expect_settled();
    ASSERT_EQ(tokens(), 1);
    about.revision = 1;
  }
  void ask_for_renewal(const std::string& value) {
    at.api.merge_patch("serviceaccounts", about.name,
                       {{"metadata", {{"annotations", {{"console.platformer.com/renew", value}}}}}});
  }
  void expect_settled() {
    const auto found = wait_until_settled(at, about, ready_problems, 90s);
    EXPECT_TRUE(found.empty()) << found.front() << "\n" << journal();
  }
  // At rest, with the token that was minted as the n-th, and nobody touched who should not be.
  void expect_well(std::int64_t minted) {
    const auto is_minted = [&](gated_scenario& in, const subject& of) {
      auto found = ready_problems(in, of);
      if (found.empty() && tokens() < minted) found.emplace_back("not minted yet");
      return found;
    };
    auto found = wait_until_settled(at, about, is_minted, 90s);
    for (auto& each : noise(at))
      found.push_back(std::move(each));
    for (auto& each : broken_promises(at, about, {}, {minted, minted}))
      found.push_back(std::move(each));
    for (const auto& each : found)
      ADD_FAILURE() << each;
    if (!found.empty()) ADD_FAILURE() << journal();
  }
  std::int64_t tokens() {
    std::int64_t issued = 0;
    for (const auto& account : accounts_of(at, about))
      issued += account["tokens_issued"].get<std::int64_t>();
    return issued;
  }
  std::string journal() const { return at.gate.notes().around_the_fault(60); }
  // How often the watches of that resource had to begin with a complete list again.
  int relists(const std::string& plural) {
    const std::string metrics = at.the_operator().get("/metrics").body;
    const std::string name = "platformer_operator_watch_restarts_total{resource=\"" + plural + "\"} ";
    const auto found = metrics.find(name);
    return found == std::string::npos ? -1 : std::atoi(metrics.c_str() + found + name.size());
  }
  bool wait_watches_opened_since(std::uint64_t number) {
    return eventually(60s, [&] {
      std::size_t opened = 0;
      for (const auto& each : at.gate.notes().all())
        opened += each.number > number && each.watch && each.status == 200 ? 1 : 0;
      return opened >= all_watches;
    });
  }

  apiserver_replica server;
  gated_scenario at;
  subject about{.name = "ci-bot"};
};

TEST(gate_outages, what_was_asked_for_while_the_apiserver_was_away_is_done_once_afterwards) {
  outage with;
  with.make_ready();
  with.server.kill();
  with.ask_for_renewal("while you were out");
  const auto failed = with.at.gate.notes().last();
  ASSERT_TRUE(eventually(30s, [&] { return with.at.gate.notes().last() > failed; })) << "it tries again";
  with.server.start();
  with.expect_well(2);
}

TEST(gate_outages, at_rest_an_apiserver_that_restarts_costs_no_write_and_no_call) {
  outage with;
  with.make_ready();
  const auto before = with.at.gate.notes().last();
  with.server.kill();
  with.server.start();
  ASSERT_TRUE(with.wait_watches_opened_since(before)) << with.journal();
  with.expect_well(1);
  for (const auto& each : with.at.gate.notes().all())
    EXPECT_FALSE(each.number > before && gated_scenario::is_work(each)) << each.text();
}

TEST(gate_outages, a_token_whose_secret_cant_be_written_is_kept_until_the_apiserver_is_back) {
  outage with;
  const auto kill = [&](const passage&) {
    ::kill(with.server.pid(), SIGKILL);
    return passing::go_on;
  };
  const auto minted = with.at.gate.impose(
      {.on = {.server = "console", .path = "/token/create$"}, .act = act::hook{moment::after, kill}});
  with.at.api.create("serviceaccounts", service_account_yaml(with.about.name));
  ASSERT_TRUE(with.at.gate.rules().wait_hits(minted, 1, 30s)) << with.journal();
  ASSERT_TRUE(eventually(30s, [&] {
    return with.at.gate.notes().text(0, always).find("no connection") != std::string::npos;
  })) << with.journal();
  with.server.kill();
  with.server.start();
  with.expect_well(1);
}

TEST(gate_outages, a_frozen_apiserver_that_writes_late_what_was_given_up_loses_no_token) {
  outage with;
  const auto freeze = [&](const passage&) {
    with.server.freeze();
    return passing::go_on;
  };
  const auto minted = with.at.gate.impose(
      {.on = {.server = "console", .path = "/token/create$"}, .act = act::hook{moment::after, freeze}});
  with.at.api.create("serviceaccounts", service_account_yaml(with.about.name));
  ASSERT_TRUE(with.at.gate.rules().wait_hits(minted, 1, 30s)) << with.journal();
  // The commit is on its way, is given up after 15 s and tried again; then all of it arrives.
  const bool again = eventually(60s, [&] {
    const auto passed = with.at.gate.notes().all();
    const auto is_further = [](const passage& each) {
      return each.path.ends_with("/secrets/ci-bot-token") || (each.path.ends_with("/secrets") && !each.watch);
    };
    const auto commit = std::ranges::find_if(passed, [](const passage& each) {
      return each.method == "POST" && each.path.ends_with("/secrets") && !each.dry_run && each.number > 1 &&
             each.status == 0;
    });
    return commit != passed.end() && std::any_of(commit + 1, passed.end(), is_further);
  });
  with.server.thaw();
  ASSERT_TRUE(again) << with.journal();
  with.expect_well(1);
}

// The watches are kept from the operator, while the world changes and its history is removed: what it
// continues from is gone (410), it lists again and catches up with the state, not with the events.
void compact_under_held_watches(outage& with, bool restart) {
  with.make_ready();
  std::vector<int> relists;
  for (const auto& each : plurals)
    relists.push_back(with.relists(each));
  const auto held = with.at.gate.impose(
      {.on = {.server = "kubernetes", .query = watch_query}, .times = always, .act = act::hold{}});
  with.at.gate.cut_connections("kubernetes");
  ASSERT_TRUE(with.at.gate.rules().wait_hits(held, all_watches, 60s)) << with.journal();
  with.ask_for_renewal("behind your back");
  for (const auto& each : plurals)  // a change of each, so that every one of the watches is behind
    with.at.api.merge_patch(each,
                            each == plurals[1]   ? "default"
                            : each == plurals[2] ? "bystander-token"
                                                 : bystander,
                            {{"metadata", {{"labels", {{"moved", "on"}}}}}});
  if (restart) with.server.kill();
  with.server.compact_etcd();
  if (restart) with.server.start();
  with.at.gate.rules().release(held);
  with.at.gate.rules().lift(held);
  for (std::size_t i = 0; i < std::size(plurals); ++i)
    ASSERT_TRUE(eventually(60s, [&] { return with.relists(plurals[i]) > relists[i]; })) << plurals[i] << "\n"
                                                                                        << with.journal();
  with.at.remember_others();
  with.expect_well(2);
}

TEST(gate_outages, a_history_that_was_compacted_under_the_watches_is_replaced_by_a_list) {
  outage with({"--watch-cache=false"});
  compact_under_held_watches(with, false);
}

TEST(gate_outages, a_history_that_was_compacted_while_the_apiserver_restarted_is_replaced_by_a_list) {
  outage with;
  compact_under_held_watches(with, true);
}

// Opens the watches anew so that the rule applies to them, and waits until it does.
rule_id break_watches(gated_scenario& at, const std::string& plural, std::size_t times) {
  const auto before = at.gate.notes().last();
  const auto rule =
      at.gate.impose({.on = {.server = "kubernetes", .path = "/" + plural + "$", .query = query_of(plural)},
                      .times = times,
                      .act = act::break_watch{.event = 1}});
  at.gate.cut_connections("kubernetes");
  const bool open = eventually(60s, [&] {
    const auto passed = at.gate.notes().all();
    return std::ranges::any_of(passed, [&](const passage& each) {
      return each.number > before && each.status == 200 && each.path.ends_with("/" + plural) &&
             std::regex_search(each.query, std::regex(query_of(plural)));
    });
  });
  EXPECT_TRUE(open) << at.gate.notes().around_the_fault();
  return rule;
}

TEST(gate_outages, an_object_whose_event_broke_off_in_the_middle_is_seen_all_the_same) {
  gated_scenario at;
  const subject about{.name = "ci-bot"};
  const auto broken = break_watches(at, "serviceaccounts", 2);
  at.api.create("serviceaccounts", service_account_yaml(about.name));
  auto found = wait_until_settled(at, about, ready_problems, 90s);
  for (auto& each : broken_promises(at, about, {}, {1, 1}))
    found.push_back(std::move(each));
  EXPECT_TRUE(found.empty()) << found.front() << "\n" << at.gate.notes().around_the_fault(60);
  EXPECT_THAT(at.gate.rules().hits(broken), Ge(1U));
}

TEST(gate_outages, a_lost_secret_whose_event_broke_off_in_the_middle_is_replaced_once) {
  gated_scenario at;
  const subject about{.name = "ci-bot"};
  at.api.create("serviceaccounts", service_account_yaml(about.name));
  ASSERT_TRUE(wait_until_settled(at, about, ready_problems).empty());
  const auto broken = break_watches(at, "secrets", 1);
  at.api.remove("secrets", "ci-bot-token");
  const auto is_back = [](gated_scenario& in, const subject& of) {
    auto found = ready_problems(in, of);
    if (found.empty() && !in.api.find("secrets", "ci-bot-token"))
      found.emplace_back("the Secret is not back");
    return found;
  };
  auto found = wait_until_settled(at, about, is_back, 90s);
  for (auto& each : broken_promises(at, about, {}, {2, 2}))
    found.push_back(std::move(each));
  EXPECT_TRUE(found.empty()) << found.front() << "\n" << at.gate.notes().around_the_fault(60);
  EXPECT_EQ(at.gate.rules().hits(broken), 1U);
}

TEST(gate_outages, a_console_that_is_away_costs_accounts_at_rest_nothing_and_is_asked_again) {
  gated_scenario at;
  const subject about{.name = "ci-bot"};
  at.gate.shut("console");
  at.api.create("serviceaccounts", service_account_yaml(about.name));
  ASSERT_TRUE(comes_to_reason(at.it, "psa/ci-bot", "ConsoleUnavailable"));
  at.gate.reopen("console");
  auto found = wait_until_settled(at, about, ready_problems, 90s);
  for (auto& each : broken_promises(at, about, {}, {1, 1}))
    found.push_back(std::move(each));
  EXPECT_TRUE(found.empty()) << found.front() << "\n" << at.gate.notes().around_the_fault(60);
}

}  // namespace
}  // namespace platformer::test
