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

// "Normal: the note", each time that it was told.
std::vector<std::string> events_about(scenario& it, const std::string& name) {
  std::vector<std::string> notes;
  for (const auto& event : it.kube.items({"events.events.k8s.io"})) {
    if (event["regarding"]["name"] != name) continue;
    const int times = event.value(nlohmann::json::json_pointer("/series/count"), 1);
    for (int i = 0; i < times; ++i)
      notes.push_back(event["type"].get<std::string>() + ": " + event["note"].get<std::string>());
  }
  return notes;
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

void ask_to_renew(scenario& it, const std::string& name, const std::string& value) {
  it.kube.must({"annotate", "psa", name, "--overwrite", "console.platformer.com/renew=" + value});
}

int count_events(scenario& it, const std::string& name, const std::string& type, const std::string& text) {
  int count = 0;
  for (const std::string& note : events_about(it, name))
    if (note.starts_with(type + ": ") && note.find(text) != std::string::npos) ++count;
  return count;
}

testing::AssertionResult comes_to_event(scenario& it, const std::string& name, const std::string& type,
                                        const std::string& text) {
  if (eventually(usual_wait, [&] { return count_events(it, name, type, text) > 0; }))
    return testing::AssertionSuccess();
  auto failure = testing::AssertionFailure()
                 << "no " << type << " event about " << name << " says \"" << text << "\"; there are:\n";
  for (const std::string& note : events_about(it, name))
    failure << note << "\n";
  return failure;
}

std::string token_of(scenario& it, const std::string& secret, const std::string& key) {
  return it.kube.secret_value(secret, key);
}

}  // namespace platformer::test
