#include "tests/integration/harness/fault_points.hpp"

#include <signal.h>

#include <algorithm>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/lookout.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

// The second unasked-for minting of an object waits a minute.
constexpr std::chrono::seconds patience{120};
// Requests to Kubernetes end after 15 s.
constexpr std::chrono::seconds longest_deadline{25};

look_function look_of(const operation& done) {
  return [&done](gated_scenario& at, const subject& about) {
    auto found = done.ends_gone ? gone_problems(at, about) : ready_problems(at, about);
    if (found.empty() && done.look) found = done.look(at, about);
    if (found.empty()) found = connection_problems(at, about);
    return found;
  };
}

void append(problems& all, problems more) {
  for (auto& each : more)
    all.push_back(std::move(each));
}

problems check_at_rest(gated_scenario& at, const subject& about, const operation& done, token_count tokens) {
  problems found = wait_until_settled(at, about, look_of(done), patience);
  if (!found.empty()) return found;
  append(found, noise(at));
  append(found, broken_promises(at, about, done, tokens));
  return found;
}

// Leaves the scenario as it was found; the object's deletion is one more thing that must work.
problems clean_up(gated_scenario& at, const subject& about) {
  at.api.remove("serviceaccounts", about.name);
  problems found = wait_until_settled(at, about, gone_problems);
  if (const auto left = accounts_of(at, about); !left.empty())
    found.push_back("after the object's deletion there are " + std::to_string(left.size()) + " accounts");
  const std::string connection = about.name + "-console";
  if (!at.api.find("consoleconnections", connection)) return found;
  at.api.remove("consoleconnections", connection);
  if (!eventually(usual_wait, [&] { return !at.api.find("consoleconnections", connection); }))
    found.push_back("the connection does not go away");
  return found;
}

std::string report(const gated_scenario& at, const problems& found, std::uint64_t from) {
  if (found.empty()) return {};
  std::string text;
  for (const auto& each : found)
    text += each + "\n";
  return text + "what passed the gate:\n" + at.gate.notes().text(from, always);
}

// The documented request as a rule sees it: the n-th of its kind, since of different kinds some go side by
// side.
gate_rule at_request(const operation& done, std::size_t request, const subject& about, gate_action act) {
  const std::string text = request_of(done, request);
  std::size_t nth = 1;
  for (std::size_t i = 1; i < request; ++i)
    if (request_of(done, i) == text) ++nth;
  const auto is_meant = [text, about](const passage& passed) {
    return (gated_scenario::is_work(passed) || gated_scenario::is_beside_work(passed)) &&
           request_text(passed, about) == text;
  };
  return {.on = {.also = is_meant}, .nth = nth, .act = std::move(act)};
}

// A read that comes twice in a row counts once.
std::vector<std::string> requests_since(const gated_scenario& at, const subject& about, std::uint64_t from,
                                        bool (*wanted)(const passage&)) {
  std::vector<std::string> requests;
  for (const auto& each : at.gate.notes().since(from - 1)) {
    if (!wanted(each)) continue;
    std::string text = request_text(each, about);
    if (each.method != "GET" || requests.empty() || requests.back() != text)
      requests.push_back(std::move(text));
  }
  return requests;
}

// Starts it and waits until it has tried each connection: before that, its silence says nothing.
problems restart(gated_scenario& at, const subject& about) {
  const std::uint64_t before = at.gate.notes().last();
  const std::ptrdiff_t connections = at.api.find("consoleconnections", about.name + "-console") ? 2 : 1;
  at.start_operator();
  bool connected = false;
  const auto is_over = [&] {
    const auto passed = at.gate.notes().since(before);
    connected = std::ranges::count_if(passed, [](const passage& each) {
                  return each.status == 200 && each.path.ends_with("/organization/list");
                }) >= connections;
    return connected || !at.the_operator().program().running();
  };
  eventually(3 * usual_wait, is_over);
  if (connected) return {};
  auto& program = at.the_operator().program();
  return {std::string("the operator that was started again ") +
          (program.running() ? "does not connect" : "has ended") + "; it says:\n" + program.output()};
}

// The other takes over and brings it to the end; then the one that stood still goes on where it was.
problems outlive_leader(gated_scenario& at, const operation& done, const subject& about) {
  if (!at.wait_standby_leads()) return {"nobody took over from the frozen leader"};
  problems found = wait_until_settled(at, about, look_of(done), patience);
  if (!found.empty()) return found;
  if (std::string trouble = at.thaw_leader(); !trouble.empty()) return {std::move(trouble)};
  return {};
}

problems happen(gated_scenario& at, const operation& done, const subject& about, std::size_t request,
                const fault& with, rule_id rule, std::uint64_t from) {
  if (!at.gate.rules().wait_hits(rule, 1, usual_wait))
    return {"request " + std::to_string(request) + " never came: " + request_of(done, request)};
  if (with.holds && !wait_given_up(at, from)) return {"the operator waits for ever"};
  if (with.freezes) return outlive_leader(at, done, about);
  if (!with.kills) return {};
  if (!at.wait_operator_end()) return {"the operator survived SIGKILL"};
  return restart(at, about);
}

}  // namespace

bool wait_given_up(const gated_scenario& at, std::uint64_t from) {
  return eventually(longest_deadline, [&] {
    const auto passed = at.gate.notes().since(from - 1);
    return std::ranges::any_of(
        passed, [](const passage& each) { return each.fate.find("given up") != std::string::npos; });
  });
}

fault kill_of_operator(moment when) {
  const auto act = [when](gated_scenario& at) -> gate_action {
    const auto kill = [&at](const passage&) {
      ::kill(at.operator_pid(), SIGKILL);
      return passing::cut;
    };
    return act::hook{when, kill};
  };
  return {.name = when == moment::before ? "kill_before" : "kill_after",
          .when = when,
          .kills = true,
          .for_beside = true,
          .act = act};
}

fault freeze_of_leader(moment when) {
  const auto act = [when](gated_scenario& at) -> gate_action {
    const auto freeze = [&at, when](const passage&) {
      at.freeze_leader();
      return when == moment::before ? passing::cut : passing::go_on;
    };
    return act::hook{when, freeze};
  };
  return {.name = when == moment::before ? "freeze_before" : "freeze_after",
          .when = when,
          .freezes = true,
          .act = act};
}

fault cut_connection(moment when) {
  return {.name = when == moment::before ? "cut_before" : "cut_after",
          .when = when,
          .for_reads = when == moment::before,
          .for_beside = true,
          .act = [when](gated_scenario&) -> gate_action { return act::cut{when}; }};
}

fault reply_replaced_by_500() {
  return {.name = "500_after", .when = moment::after, .act = [](gated_scenario&) -> gate_action {
            return act::answer{.when = moment::after, .status = 500};
          }};
}

fault rate_limited() {
  return {.name = "429", .act = [](gated_scenario&) -> gate_action {
            return act::answer{.when = moment::before, .status = 429, .headers = {{"Retry-After", "1"}}};
          }};
}

fault held_beyond_deadline(moment when) {
  return {.name = when == moment::before ? "held_before" : "held_after",
          .when = when,
          .holds = true,
          .for_reads = when == moment::before,
          .act = [when](gated_scenario&) -> gate_action { return act::hold{when}; }};
}

std::string try_fault(gated_scenario& at, std::size_t number, const operation& done, std::size_t request,
                      const fault& with) {
  subject about{.name = "bot-" + std::to_string(number)};
  done.prepare(at, about);
  const std::uint64_t from = at.gate.notes().last() + 1;
  const auto rule = at.gate.impose(at_request(done, request, about, with.act(at)));
  lookout meanwhile(at, done, about);
  done.act(at, about);
  problems found = happen(at, done, about, request, with, rule, from);
  if (found.empty()) found = check_at_rest(at, about, done, tokens_needed(done, request, with));
  append(found, meanwhile.seen());
  at.gate.rules().lift(rule);
  if (found.empty()) found = clean_up(at, about);
  return report(at, found, from);
}

std::string try_without_fault(gated_scenario& at, std::size_t number, const operation& done) {
  subject about{.name = "bot-" + std::to_string(number)};
  done.prepare(at, about);
  const std::uint64_t from = at.gate.notes().last() + 1;
  lookout meanwhile(at, done, about);
  done.act(at, about);
  problems found = check_at_rest(at, about, done, {done.mints, done.mints});
  append(found, meanwhile.seen());
  // The work on the object and on its connection goes side by side at the start: their order may differ
  // there.
  const auto expect = [&](const std::vector<std::string>& documented, bool (*wanted)(const passage&)) {
    const auto requests = requests_since(at, about, from, wanted);
    if (std::ranges::is_permutation(requests, documented)) return;
    found.emplace_back("the requests are not the documented ones:");
    append(found, requests);
  };
  expect(done.requests, gated_scenario::is_work);
  expect(done.beside, gated_scenario::is_beside_work);
  if (found.empty()) found = clean_up(at, about);
  return report(at, found, from);
}

token_count tokens_needed(const operation& done, std::size_t request, const fault& with) {
  const auto exactly = [&](bool one_is_lost) {
    const std::int64_t all = done.mints + (one_is_lost ? 1 : 0);
    return token_count{all, all};
  };
  const auto& all = done.requests;
  const auto mint = std::ranges::find_if(all, is_mint);
  if (mint == all.end()) return exactly(false);
  // Nobody knows how far the work is then.
  if (is_beside(done, request)) return {done.mints, done.mints + (with.kills ? 1 : 0)};
  const auto minted = static_cast<std::size_t>(mint - all.begin()) + 1;
  if (!with.kills && !with.freezes) return exactly(request == minted && with.when == moment::after);
  // Otherwise a token is lost from when it was minted until it is in its Secret.
  const auto commit = std::find_if(mint, all.end(), is_commit);
  const auto committed = static_cast<std::size_t>(commit - all.begin()) + 1;
  const bool exists = request > minted || (request == minted && with.when == moment::after);
  const bool is_safe = request > committed || (request == committed && with.when == moment::after);
  return exactly(exists && !is_safe);
}

}  // namespace platformer::test
