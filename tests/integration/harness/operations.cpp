#include "tests/integration/harness/operations.hpp"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "tests/integration/harness/fleet.hpp"
#include "tests/integration/harness/operation_parts.hpp"
#include "tests/integration/harness/settling.hpp"
#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

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
    apply(at, about, "connectionRef: {name: " + about.name + "-console}\n" + never_verified);
    must(wait_until_settled(at, about, waits_for_connection), "the subject does not wait for its connection");
    remember(at, about);
  };
  made.act = [](gated_scenario& at, const subject& about) { at.connect(about.name + "-console"); };
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
  made.prepare = [](gated_scenario& at, subject& about) { make_subject_ready(at, about); };
  made.act = annotate_renew;
  made.look = renew_is_handled;
  return made;
}

// A second account takes over, and the first one lives on for a while.
operation replace() {
  operation made{.name = "replace", .mints = 1, .replaces = true};
  made.requests = {"console GET serviceaccount/ID",
                   "kubernetes PATCH serviceaccounts/NAME",
                   "kubernetes PATCH secrets/NAME-token (dry run)",
                   "console POST serviceaccount/token/create",
                   "kubernetes PATCH secrets/NAME-token",
                   "kubernetes PATCH serviceaccounts/NAME/status",
                   "console GET serviceaccount/ID",
                   "console DELETE serviceaccount/ID",
                   "kubernetes GET secrets/NAME-token",
                   "kubernetes PATCH secrets/NAME-token"};
  made.beside = {an_event, an_event};
  made.prepare = [](gated_scenario& at, subject& about) {
    make_subject_ready(at, about, "token: {strategy: Replace, overlap: 2s, verifyInterval: '0'}", true);
  };
  made.act = annotate_renew;
  made.look = [](gated_scenario& at, const subject& about) {
    auto found = renew_is_handled(at, about);
    if (accounts_of(at, about).size() != 1) found.emplace_back("the account before is still there");
    const auto secret = at.api.find("secrets", about.name + "-token").value_or(nlohmann::json());
    if (secret.dump().find("console.platformer.com/previous-") != std::string::npos)
      found.emplace_back("the Secret still names the account before");
    return found;
  };
  made.always = [](gated_scenario& at, const subject& about) {
    problems found;
    if (const auto all = accounts_of(at, about).size(); all == 0 || all > 2)
      found.push_back("there are " + std::to_string(all) + " accounts");
    const std::string secret = about.name + "-token";
    const std::string token = at.api.secret_value(secret, "token");
    // One that is dead now may have been replaced since we read it.
    if (token.empty() || (!at.it.console.is_live(token) && at.api.secret_value(secret, "token") == token))
      found.emplace_back("the Secret has no live token");
    return found;
  };
  return made;
}

operation update() {
  operation made{.name = "update"};
  made.requests = {"kubernetes GET secrets/NAME-token", "console GET serviceaccount/ID",
                   "console PUT serviceaccount/ID", "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = {an_event};
  made.prepare = [](gated_scenario& at, subject& about) { make_subject_ready(at, about); };
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
  made.prepare = [](gated_scenario& at, subject& about) { make_subject_ready(at, about); };
  made.act = [](gated_scenario& at, const subject& about) { at.api.remove("serviceaccounts", about.name); };
  return made;
}

operation move() {
  operation made{.name = "move"};
  made.requests = {"kubernetes GET secrets/NAME-moved",    "kubernetes GET secrets/NAME-token",
                   "console GET serviceaccount/ID",        "kubernetes POST secrets",
                   "kubernetes DELETE secrets/NAME-token", "kubernetes PATCH serviceaccounts/NAME/status"};
  made.beside = {an_event};
  made.prepare = [](gated_scenario& at, subject& about) { make_subject_ready(at, about); };
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

}  // namespace

const std::vector<operation>& operations() {
  static const std::vector<operation> all{issue(),
                                          start(),
                                          renew(),
                                          replace(),
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
