#include "tests/integration/harness/operations.hpp"

#include <signal.h>

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

const std::string creates = "token/create$";
const std::string renews = "token/renew$";

const std::string an_event = "kubernetes POST events";
// What a start brings beside the work: streaming lists, and one event.
const std::vector<std::string> of_a_start{"kubernetes GET consoleconnections (watch)",
                                          "kubernetes GET secrets (watch)",
                                          "kubernetes GET serviceaccounts (watch)", an_event};

void must(const problems& found, const char* when) {
  if (found.empty()) return;
  std::string text = when;
  for (const auto& each : found)
    text += "; " + each;
  throw std::runtime_error(text);
}

// What is true of the subject before the fault.
void remember(gated_scenario& at, subject& about) {
  const auto object = at.api.find("serviceaccounts", about.name);
  const auto revision = part_of(object.value_or(nlohmann::json()), "/status/token/revision");
  about.revision = revision.is_number() ? revision.get<std::int64_t>() : 0;
  about.tokens_issued = 0;
  for (const auto& account : accounts_of(at, about))
    about.tokens_issued += account["tokens_issued"].get<std::int64_t>();
}

void apply(gated_scenario& at, const subject& about, const std::string& spec = "") {
  at.api.create("serviceaccounts", service_account_yaml(about.name, spec));
}

void annotate_renew(gated_scenario& at, const subject& about) {
  at.api.merge_patch("serviceaccounts", about.name,
                     {{"metadata", {{"annotations", {{"console.platformer.com/renew", "please"}}}}}});
}

void make_subject_ready(gated_scenario& at, subject& about) {
  apply(at, about);
  must(wait_until_settled(at, about, ready_problems), "the subject did not become Ready");
  remember(at, about);
}

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

// ---- the operations

// A new object whose connection comes after it. creationTimestamp has whole seconds: for the operator it is
// surely new only when it came a second after the operator.
operation issue() {
  operation made{.name = "issue", .mints = 1};
  made.requests = {"kubernetes PATCH consoleconnections/NAME-console",
                   "kubernetes GET secrets/console-credentials",
                   "console PUT user/logintime",
                   "console GET organization/list",
                   "kubernetes PATCH consoleconnections/NAME-console/status",
                   "kubernetes PATCH serviceaccounts/NAME",
                   "kubernetes POST secrets (dry run)",
                   "console POST serviceaccount/token/create",
                   "kubernetes POST secrets",
                   "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = {an_event, an_event};
  made.prepare = [](gated_scenario& at, subject& about) {
    if (!eventually(usual_wait, [&] { return std::time(nullptr) > at.started_at() + 1; }))
      throw std::runtime_error("the clock stands still");
    apply(at, about, "connectionRef: {name: " + about.name + "-console}");
    must(wait_until_settled(at, about, waits_for_connection), "the subject does not wait for its connection");
    remember(at, about);
  };
  made.act = [](gated_scenario& at, const subject& about) { at.connect(about.name + "-console"); };
  return made;
}

// A new object that was there before the operator.
operation start() {
  operation made{.name = "start", .mints = 1};
  made.requests = {"kubernetes GET namespaces/kube-system",
                   "kubernetes GET secrets/NAME-token",
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

operation renew() {
  operation made{.name = "renew", .mints = 1};
  made.requests = {"console GET serviceaccount/ID",
                   "kubernetes PATCH serviceaccounts/NAME",
                   "kubernetes PATCH secrets/NAME-token (dry run)",
                   "console PUT serviceaccount/ID/token/renew",
                   "kubernetes PATCH secrets/NAME-token",
                   "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = {an_event};
  made.prepare = make_subject_ready;
  made.act = annotate_renew;
  made.look = [](gated_scenario& at, const subject& about) {
    const auto object = at.api.find("serviceaccounts", about.name);
    const auto handled = part_of(object.value_or(nlohmann::json()), "/status/lastHandledRenew");
    return handled == "please" ? problems{} : problems{"the renew request is not settled"};
  };
  return made;
}

operation update() {
  operation made{.name = "update"};
  made.requests = {"kubernetes GET secrets/NAME-token", "console GET serviceaccount/ID",
                   "console PUT serviceaccount/ID", "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = {an_event};
  made.prepare = make_subject_ready;
  made.act = [](gated_scenario& at, const subject& about) {
    at.api.merge_patch("serviceaccounts", about.name, {{"spec", {{"permissions", {"organization.member"}}}}});
  };
  made.look = [](gated_scenario& at, const subject& about) {
    for (const auto& account : accounts_of(at, about))
      if (account["roles"] != nlohmann::json({"organization.member"}))
        return problems{"the account's access is " + account["roles"].dump()};
    return problems{};
  };
  return made;
}

operation remove() {
  operation made{.name = "delete", .ends_gone = true};
  made.requests = {"console GET serviceaccount/ID", "console DELETE serviceaccount/ID",
                   "kubernetes PATCH serviceaccounts/NAME"};
  made.beside = {an_event};
  made.prepare = make_subject_ready;
  made.act = [](gated_scenario& at, const subject& about) { at.api.remove("serviceaccounts", about.name); };
  return made;
}

operation move() {
  operation made{.name = "move"};
  made.requests = {"kubernetes GET secrets/NAME-moved",    "kubernetes GET secrets/NAME-token",
                   "console GET serviceaccount/ID",        "kubernetes POST secrets",
                   "kubernetes DELETE secrets/NAME-token", "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = {an_event};
  made.prepare = make_subject_ready;
  made.act = [](gated_scenario& at, const subject& about) {
    at.api.merge_patch("serviceaccounts", about.name,
                       {{"spec", {{"secret", {{"name", about.name + "-moved"}}}}}});
  };
  made.look = [](gated_scenario& at, const subject& about) {
    return at.api.find("secrets", about.name + "-token") ? problems{"the old Secret is still there"}
                                                         : problems{};
  };
  return made;
}

operation recovery_of_create() {
  operation made{.name = "recovery_of_create", .mints = 1};
  made.requests = {"kubernetes GET namespaces/kube-system",
                   "kubernetes GET secrets/NAME-token",
                   "kubernetes GET secrets/console-credentials",
                   "console PUT user/logintime",
                   "console GET organization/list",
                   "kubernetes GET secrets/NAME-token",
                   "kubernetes PATCH serviceaccounts/NAME/status",
                   "kubernetes GET secrets/NAME-token",
                   "console GET serviceaccount/list",
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
                   "kubernetes GET secrets/NAME-token",
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
  made.look = renew().look;
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

}  // namespace

const std::vector<operation>& operations() {
  static const std::vector<operation> all{issue(),
                                          start(),
                                          renew(),
                                          update(),
                                          remove(),
                                          move(),
                                          recovery_of_create(),
                                          recovery_of_renew(),
                                          doubtful_delete()};
  return all;
}

const operation& find_operation(const std::string& name) {
  const auto found = std::ranges::find(operations(), name, &operation::name);
  if (found == operations().end()) throw std::invalid_argument("no operation is called " + name);
  return *found;
}

std::string request_text(const passage& passed, const subject& about) {
  static const std::regex prefix("^.*/namespaces/[^/]+/|^/apis/[^/]+/[^/]+/|^/api/v1/|^/auth/api/v1/");
  static const std::regex account("^serviceaccount/(?!list$|token/)[^/]+");
  static const std::regex event("^events/.+");
  std::string path = std::regex_replace(passed.path, prefix, "", std::regex_constants::format_first_only);
  path = std::regex_replace(path, event, "events/ID");
  if (passed.server == "console") path = std::regex_replace(path, account, "serviceaccount/ID");
  for (std::size_t at = 0; (at = path.find(about.name, at)) != std::string::npos; at += 4)
    path.replace(at, about.name.size(), "NAME");
  return passed.server + " " + passed.method + " " + path + (passed.dry_run ? " (dry run)" : "") +
         (passed.watch ? " (watch)" : "");
}

std::size_t points_of(const operation& done) {
  return done.requests.size() + done.beside.size();
}

const std::string& request_of(const operation& done, std::size_t number) {
  return is_beside(done, number) ? done.beside.at(number - 1 - done.requests.size())
                                 : done.requests.at(number - 1);
}

bool is_beside(const operation& done, std::size_t number) {
  return number > done.requests.size();
}

bool is_read(const std::string& request) {
  return request.find(" GET ") != std::string::npos || request == "console PUT user/logintime";
}

bool is_mint(const std::string& request) {
  return request.ends_with("/token/create") || request.ends_with("/token/renew");
}

bool is_commit(const std::string& request) {
  return request == "kubernetes POST secrets" || request == "kubernetes PATCH secrets/NAME-token";
}

}  // namespace platformer::test
