// Operations that begin with a start of the operator, as what was there before it is found out then.
#include <signal.h>

#include <stdexcept>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/operation_parts.hpp"
#include "tests/integration/harness/settling.hpp"

namespace platformer::test {
namespace {

const std::string creates = "token/create$";
const std::string renews = "token/renew$";

// What a start brings beside the work: streaming lists, and one event.
const std::vector<std::string> of_a_start{"kubernetes GET consoleconnections (watch)",
                                          "kubernetes GET secrets (watch)",
                                          "kubernetes GET serviceaccounts (watch)", an_event};

// Lets the operator die with a call carried out whose answer it never gets.
void die_after(gated_scenario& at, subject& about, const std::string& call,
               const std::function<void()>& cause) {
  const auto kill = [&at](const passage&) {
    ::kill(at.operator_pid(), SIGKILL);
    return passing::cut;
  };
  request_pattern on = at.work();
  on.path = call;
  const auto rule = at.gate.impose({.on = on, .act = act::hook{moment::after, kill}});
  cause();
  if (!at.gate.rules().wait_hits(rule, 1, usual_wait) || !at.wait_operator_end())
    throw std::runtime_error("the operator did not die in the middle of " + call);
  at.gate.rules().lift(rule);
  remember(at, about);
}

}  // namespace

// A new object that was there before the operator.
operation start() {
  operation made{.name = "start", .mints = 1};
  made.requests = {"kubernetes GET namespaces/kube-system",
                   "kubernetes GET secrets/console-credentials",
                   "console PUT user/logintime",
                   "console GET organization/list",
                   "kubernetes GET secrets/NAME-token",
                   "console GET serviceaccount/list",
                   "kubernetes PATCH serviceaccounts/NAME",
                   "kubernetes POST secrets (dry run)",
                   "console POST serviceaccount/token/create",
                   "kubernetes POST secrets",
                   "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = of_a_start;
  made.prepare = [](gated_scenario& at, subject& about) {
    at.kill_operator();
    apply(at, about);
  };
  made.act = [](gated_scenario& at, const subject&) { at.start_operator(); };
  return made;
}

operation recovery_of_create() {
  operation made{.name = "recovery_of_create", .mints = 1};
  made.requests = {"kubernetes GET namespaces/kube-system",
                   "kubernetes GET secrets/console-credentials",
                   "console PUT user/logintime",
                   "console GET organization/list",
                   "kubernetes GET secrets/NAME-token",
                   "kubernetes PATCH serviceaccounts/NAME/status",
                   "kubernetes GET secrets/NAME-token",
                   "console GET serviceaccount/list",
                   "console GET serviceaccount/ID",
                   "kubernetes PATCH serviceaccounts/NAME",
                   "kubernetes POST secrets (dry run)",
                   "console PUT serviceaccount/ID/token/renew",
                   "kubernetes POST secrets",
                   "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = of_a_start;
  made.prepare = [](gated_scenario& at, subject& about) {
    die_after(at, about, creates, [&] { apply(at, about); });
  };
  made.act = [](gated_scenario& at, const subject&) { at.start_operator(); };
  return made;
}

operation recovery_of_renew() {
  operation made{.name = "recovery_of_renew", .mints = 1};
  made.requests = {"kubernetes GET namespaces/kube-system",
                   "kubernetes GET secrets/console-credentials",
                   "console PUT user/logintime",
                   "console GET organization/list",
                   "kubernetes PATCH serviceaccounts/NAME/status",
                   "console GET serviceaccount/ID",
                   "kubernetes PATCH serviceaccounts/NAME",
                   "console GET serviceaccount/list",
                   "kubernetes PATCH secrets/NAME-token (dry run)",
                   "console PUT serviceaccount/ID/token/renew",
                   "kubernetes PATCH secrets/NAME-token",
                   "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = of_a_start;
  made.prepare = [](gated_scenario& at, subject& about) {
    make_subject_ready(at, about);
    die_after(at, about, renews, [&] { annotate_renew(at, about); });
  };
  made.act = [](gated_scenario& at, const subject&) { at.start_operator(); };
  made.look = renew_is_handled;
  return made;
}

// Deleted while nobody knows whether its account exists.
operation doubtful_delete() {
  operation made{.name = "doubtful_delete", .ends_gone = true};
  made.requests = {"kubernetes GET namespaces/kube-system",
                   "kubernetes GET secrets/console-credentials",
                   "console PUT user/logintime",
                   "console GET organization/list",
                   "kubernetes PATCH serviceaccounts/NAME/status",
                   "console GET serviceaccount/list",
                   "console GET serviceaccount/ID",
                   "console DELETE serviceaccount/ID",
                   "kubernetes PATCH serviceaccounts/NAME"};
  made.beside = of_a_start;
  made.prepare = [](gated_scenario& at, subject& about) {
    die_after(at, about, creates, [&] { apply(at, about); });
    at.api.remove("serviceaccounts", about.name);
  };
  made.act = [](gated_scenario& at, const subject&) { at.start_operator(); };
  return made;
}

}  // namespace platformer::test
