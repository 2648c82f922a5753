// Faults at each request of the election of two replicas: the first one's, when there is no Lease; a
// leader's, who renews it; a standby's, who takes it over; and a leader's, who gives it back at its end.
// Whatever becomes of the request, one of them leads in the end, and the work that comes then is done once.
#include <gtest/gtest.h>
#include <signal.h>

#include <map>

#include "tests/integration/harness/fault_cases.hpp"
#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/operation_parts.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/shared_tries.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

// A turn of the election, and the request of it that fails.
struct turn {
  std::string name;
  std::string method;
  bool by_standby = false;  // who makes it, as things were before
  std::function<void(gated_scenario&)> prepare;
  std::function<void(gated_scenario&)> act;
};

constexpr const char* leases = "/leases(/|$)";

// Both have ended, and nobody remembers that there was a leader.
void forget_leader(gated_scenario& at) {
  at.kill_operator();
  at.kill_standby();
  at.it.kube.must({"delete", "leases.coordination.k8s.io", "--all"});
}

std::vector<turn> turns() {
  const auto nothing = [](gated_scenario&) {};
  const auto start = [](gated_scenario& at) { at.start_operator(); };
  return {{"first_look", "GET", false, forget_leader, start},
          {"creation", "POST", false, forget_leader, start},
          {"renewal", "PUT", false, nothing, nothing},
          {"takeover", "PUT", true, [](gated_scenario& at) { at.kill_operator(); }, nothing},
          {"release", "PUT", false, nothing, [](gated_scenario& at) { ::kill(at.operator_pid(), SIGTERM); }}};
}

struct election_case {
  turn of;
  fault with;
  std::string name() const { return of.name + "_" + with.name; }
};

fault kill_of_asker(moment when, bool is_standby) {
  fault made = kill_of_operator(when);
  made.act = [when, is_standby](gated_scenario& at) -> gate_action {
    return act::hook{when, [&at, is_standby](const passage&) {
                       ::kill(is_standby ? at.standby_pid() : at.operator_pid(), SIGKILL);
                       return passing::cut;
                     }};
  };
  return made;
}

std::vector<election_case> election_cases() {
  std::vector<election_case> all;
  for (const turn& each : turns()) {
    for (const moment when : {moment::before, moment::after}) {
      all.push_back({each, kill_of_asker(when, each.by_standby)});
      all.push_back({each, cut_connection(when)});
      all.push_back({each, held_beyond_deadline(when)});
    }
    all.push_back({each, reply_replaced_by_500()});
    all.push_back({each, rate_limited()});
  }
  return all;
}

// The leader that there is in the end does what is asked of it, once.
problems renew_once(gated_scenario& at, const subject& about) {
  const operation& renew = find_operation("renew");
  annotate_renew(at, about);
  const auto is_done = [&renew](gated_scenario& where, const subject& of) {
    auto found = ready_problems(where, of);
    return found.empty() ? renew.look(where, of) : found;
  };
  problems found = wait_until_settled(at, about, is_done);
  if (found.empty()) found = broken_promises(at, about, renew, {1, 1});
  if (!found.empty()) return found;
  at.api.remove("serviceaccounts", about.name);
  return wait_until_settled(at, about, gone_problems);
}

std::string try_turn(gated_scenario& at, std::size_t number, const election_case& wanted) {
  subject about{.name = "bot-" + std::to_string(number)};
  make_subject_ready(at, about);
  wanted.of.prepare(at);
  const std::uint64_t from = at.gate.notes().last() + 1;
  const request_pattern on{.server = "kubernetes", .method = wanted.of.method, .path = leases};
  const auto rule = at.gate.impose({.on = on, .act = wanted.with.act(at)});
  wanted.of.act(at);
  problems found;
  if (!at.gate.rules().wait_hits(rule, 1, 2 * usual_wait)) found.push_back("the request never came");
  if (found.empty() && wanted.with.holds && !wait_given_up(at, from))
    found.push_back("the operator waits for ever");
  // Who was let go of at a release ends before anybody is started in its place.
  if (found.empty() && (wanted.with.kills ? !wanted.of.by_standby : wanted.of.name == "release") &&
      !at.wait_operator_end())
    found.push_back("the leader does not end");
  if (wanted.with.kills && wanted.of.by_standby) at.kill_standby();  // it is dead; this waits for its end
  if (found.empty())
    if (std::string trouble = at.elect(); !trouble.empty()) found.push_back(std::move(trouble));
  if (found.empty()) found = renew_once(at, about);
  at.gate.rules().lift(rule);
  if (found.empty()) return {};
  std::string text;
  for (const auto& each : found)
    text += each + "\n";
  return text + "what passed the gate:\n" + at.gate.notes().text(from, always);
}

class gate_election : public testing::TestWithParam<election_case>, public shared_tries<gate_election> {
 public:
  static void SetUpTestSuite() {
    std::map<std::string, election_case> all;
    for (const election_case& each : election_cases())
      all.emplace(each.name(), each);
    named selected;
    for (const std::string& name : selected_cases("gate_election"))
      selected.emplace_back(name, [wanted = all.at(name)](gated_scenario& at, std::size_t number) {
        return try_turn(at, number, wanted);
      });
    std::printf("%zu points of gate_election\n", selected.size());
    run({.label = "gate_election", .replicas = true}, 8, std::move(selected));
  }
  static void TearDownTestSuite() { finish(); }
};

TEST_P(gate_election, ends_with_one_leader) {
  EXPECT_EQ(outcome_of(GetParam().name()), "");
}

INSTANTIATE_TEST_SUITE_P(every_turn, gate_election, testing::ValuesIn(election_cases()),
                         [](const auto& each) { return each.param.name(); });

}  // namespace
}  // namespace platformer::test
