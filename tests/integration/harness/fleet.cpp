#include "tests/integration/harness/fleet.hpp"

#include <stdexcept>

#include "tests/integration/harness/wait.hpp"

namespace platformer::test {
namespace {

std::string of_ready(scenario& it, const std::string& what, const char* member) {
  const auto object = it.kube.find(what);
  if (!object || !object->contains("status") || !(*object)["status"].contains("conditions")) return {};
  for (const auto& condition : (*object)["status"]["conditions"])
    if (condition["type"] == "Ready") return condition[member];
  return {};
}

}  // namespace

void make_ready(scenario& it, const std::string& name, const std::string& spec, const std::string& metadata) {
  if (!it.kube.find("pcc/default")) it.connect();
  it.start_operator();
  it.kube.apply(service_account_yaml(name, spec, metadata));
  if (const auto ready = it.kube.wait("psa/" + name, "condition=Ready", usual_wait); !ready)
    throw std::runtime_error(ready.message());
}

std::int64_t revision_of(scenario& it, const std::string& name) {
  const auto object = it.kube.object("psa/" + name);
  const auto* at = "/status/token/revision";
  return object.contains(nlohmann::json::json_pointer(at))
             ? object[nlohmann::json::json_pointer(at)].get<std::int64_t>()
             : 0;
}

std::string reason_of(scenario& it, const std::string& what) {
  return of_ready(it, what, "reason");
}

std::string message_of(scenario& it, const std::string& what) {
  return of_ready(it, what, "message");
}

testing::AssertionResult comes_to_reason(scenario& it, const std::string& what, const std::string& reason) {
  if (eventually(usual_wait, [&] { return reason_of(it, what) == reason; }))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << what << " is " << reason_of(it, what) << ": " << message_of(it, what);
}

testing::AssertionResult comes_to_revision(scenario& it, const std::string& name, std::int64_t revision) {
  if (eventually(usual_wait, [&] { return revision_of(it, name) == revision; }))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << name << " has revision " << revision_of(it, name) << ", "
                                     << reason_of(it, "psa/" + name) << ": " << message_of(it, "psa/" + name);
}

std::string token_of(scenario& it, const std::string& secret, const std::string& key) {
  return it.kube.secret_value(secret, key);
}

}  // namespace platformer::test
