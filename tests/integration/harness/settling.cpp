#include "tests/integration/harness/settling.hpp"

#include <algorithm>

#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

using nlohmann::json;

// The number of the latest request that belongs to the work; `known`: when there is none after that.
std::uint64_t last_work(const gated_scenario& at, std::uint64_t known) {
  for (const auto& each : at.gate.notes().since(known))
    if (gated_scenario::is_work(each)) known = each.number;
  return known;
}

// Nothing was asked for so long.
bool falls_silent(const gated_scenario& at, std::chrono::milliseconds span,
                  std::chrono::steady_clock::time_point until) {
  using clock = std::chrono::steady_clock;
  std::uint64_t before = at.gate.notes().last();
  auto since = clock::now();
  return eventually(std::chrono::duration_cast<std::chrono::milliseconds>(until - since), [&] {
    const std::uint64_t now = last_work(at, before);
    if (now != before) since = clock::now();
    before = now;
    return clock::now() - since >= span;
  });
}

// Null when there is none.
json condition_of(const json& object, const std::string& type) {
  for (const auto& each : part_of(object, "/status/conditions"))
    if (each["type"] == type) return each;
  return nullptr;
}

json annotation(const json& object, const std::string& name) {
  return part_of(object, "/metadata/annotations/console.platformer.com~1" + name);
}

// The Secret that the spec names, its token, and what they say of each other and of the account.
problems token_problems(gated_scenario& at, const subject& about, const json& object, const json& account) {
  problems found;
  const auto expect = [&](const std::string& what, const json& is, const json& must_be) {
    if (is != must_be) found.push_back(what + " is " + is.dump() + ", not " + must_be.dump());
  };
  const json named = part_of(object, "/spec/secret/name");
  const std::string name = named.is_string() ? named.get<std::string>() : about.name + "-token";
  const auto secret = at.api.find("secrets", name);
  if (!secret) return {"there is no Secret " + name};
  const auto token = at.api.secret_value(name, "token");
  const json verified = at.it.console.admin("POST", "/verify", {{"token", token}});
  expect("that the token in Secret " + name + " authenticates", verified["live"], true);
  expect("the token's account", verified["account_id"], account["id"]);
  expect("the status' account", part_of(object, "/status/accountID"), account["id"]);
  const json revision = part_of(object, "/status/token/revision");
  expect("the Secret's revision", annotation(*secret, "revision"), revision.dump());
  if (!revision.is_number() || revision < about.revision)
    found.push_back("the revision went from " + std::to_string(about.revision) + " to " + revision.dump());
  const json intent = annotation(object, "operation");
  const json operation = intent.is_string() ? json::parse(intent.get<std::string>(), nullptr, false) : json();
  expect("the intent's operation", part_of(operation, "/id"), annotation(*secret, "operation-id"));
  return found;
}

}  // namespace

json part_of(const json& whole, const std::string& pointer) {
  const json::json_pointer at(pointer);
  return whole.contains(at) ? whole.at(at) : json();
}

problems wait_until_settled(gated_scenario& at, const subject& about, const look_function& look,
                            std::chrono::seconds deadline) {
  constexpr std::chrono::milliseconds moment_of_silence{300};
  constexpr std::chrono::milliseconds pause{500};
  const auto until = std::chrono::steady_clock::now() + deadline;
  problems left;
  do {
    if (!falls_silent(at, moment_of_silence, until)) return {"the operator does not come to rest"};
    const std::uint64_t before = at.gate.notes().last();
    left = look(at, about);
    // What we look at changes by the operator's work, and now and then by others'.
    if (!left.empty()) eventually(pause, [&] { return last_work(at, before) != before; });
  } while (!left.empty() && std::chrono::steady_clock::now() < until);
  return left;
}

problems noise(gated_scenario& at, std::chrono::milliseconds span) {
  const std::uint64_t from = at.gate.notes().last();
  problems heard;
  eventually(span, [&] {
    for (const auto& each : at.gate.notes().since(from))
      if (gated_scenario::is_work(each)) heard.push_back("at rest there was " + each.text());
    return !heard.empty();
  });
  return heard;
}

problems connection_problems(gated_scenario& at, const subject& about) {
  problems found;
  for (const std::string& name : {std::string("default"), about.name + "-console"}) {
    const auto object = at.api.find("consoleconnections", name);
    if (!object) continue;
    const auto ready = condition_of(*object, "Ready");
    if (part_of(ready, "/status") != "True" ||
        part_of(ready, "/observedGeneration") != part_of(*object, "/metadata/generation"))
      found.push_back("Ready of connection " + name + " is " + ready.dump());
  }
  return found;
}

problems ready_problems(gated_scenario& at, const subject& about) {
  const auto object = at.api.find("serviceaccounts", about.name);
  if (!object) return {"the object is gone"};
  problems found;
  const auto ready = condition_of(*object, "Ready");
  const auto generation = part_of(*object, "/metadata/generation");
  if (part_of(ready, "/status") != "True" || part_of(ready, "/observedGeneration") != generation ||
      part_of(*object, "/status/observedGeneration") != generation)
    found.push_back("Ready is " + ready.dump() + " at generation " + generation.dump());
  for (const char* type : {"Reconciling", "Stalled"})
    if (const auto other = condition_of(*object, type); part_of(other, "/status") == "True")
      found.push_back(std::string(type) + " is " + other.dump());
  return found;
}

problems waits_for_connection(gated_scenario& at, const subject& about) {
  const auto ready = condition_of(at.api.find("serviceaccounts", about.name).value_or(json()), "Ready");
  if (part_of(ready, "/reason") == "ConnectionNotFound") return {};
  return {"Ready is " + ready.dump()};
}

problems gone_problems(gated_scenario& at, const subject& about) {
  const auto object = at.api.find("serviceaccounts", about.name);
  if (!object) return {};
  return {"the object is still there, Ready is " + condition_of(*object, "Ready").dump()};
}

std::vector<json> accounts_of(gated_scenario& at, const subject& about) {
  std::vector<json> found;
  for (auto& account : at.it.console.accounts()) {
    const std::string description = account.value("description", std::string());
    if (account["name"] == about.name ||
        description.find("/" + at.it.name_space + "/" + about.name + "/") != std::string::npos)
      found.push_back(account);
  }
  return found;
}

std::int64_t tokens_issued(gated_scenario& at, const subject& about, bool replaces) {
  if (replaces)
    return static_cast<std::int64_t>(at.it.console.calls("createServiceAccount") +
                                     at.it.console.calls("renewServiceAccountToken"));
  std::int64_t issued = 0;
  for (const auto& account : accounts_of(at, about))
    issued += account["tokens_issued"].get<std::int64_t>();
  return issued;
}

problems broken_promises(gated_scenario& at, const subject& about, const operation& done,
                         token_count tokens) {
  problems found = at.harm_done_to_others();
  const auto accounts = accounts_of(at, about);
  const std::size_t wanted = done.ends_gone ? 0 : 1;
  if (accounts.size() != wanted) {
    found.push_back("there are " + std::to_string(accounts.size()) + " accounts of " + about.name);
    return found;
  }
  if (done.ends_gone) return found;
  const auto object = at.api.find("serviceaccounts", about.name);
  if (!object) return {"the object is gone"};
  for (auto& each : token_problems(at, about, *object, accounts.front()))
    found.push_back(std::move(each));
  const std::int64_t minted = tokens_issued(at, about, done.replaces) - about.tokens_issued;
  if (minted < tokens.least || minted > tokens.most)
    found.push_back(std::to_string(minted) + " tokens were minted where " + std::to_string(tokens.most) +
                    " are enough");
  return found;
}

}  // namespace platformer::test
