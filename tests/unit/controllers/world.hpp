// A small world for the transcripts: one ServiceAccount, its Secrets and the Console's accounts, answering
// each request as the real servers would. It is no model of them (tests/models is): just enough for one
// object.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controllers/service_account/state.hpp"

namespace platformer::accounts::test {

// 2026-11-23T08:00:00Z
inline constexpr time_point start_of_time{std::chrono::seconds(1795420800)};

struct world {
  service_account object;
  bool object_exists = true;
  bool provably_new = true;
  connection_view connection;
  std::map<std::string, secret_content> secrets;  // by name, in the object's namespace
  std::vector<account> accounts;
  std::map<std::string, std::string> live_tokens;  // by account ID
  names_resolved names;
  std::optional<names_unresolved> unresolved;
  bool credential_accepted = true;               // the connection's own
  time_point other_secret_changed_at{};          // of another object that names the same workload
  std::map<std::string, std::string> workloads;  // by name: the revisions on its pod template
  revocation_reserved revocation{.granted = true};
  std::optional<duration> granted_lifetime;  // what the Console grants instead of what is asked for
  memory remembered;
  time_point now = start_of_time;
  int serial = 100;

  // What a gatherer would see now.
  snapshot look();
  response perform(const request& asked);

  // ---- What others do
  void restart();  // the operator's process: memory is gone, nothing is provably new
  void advance(duration span) { now += span; }
  void edit_spec();  // after a change of object.spec: generation and version move
  void annotate(std::string_view key, std::string value);
  void delete_object();
  void touch(const std::string& secret);  // after a change of a Secret: its version moves
  secret_content& put_secret(const std::string& name);
  account& put_account(const std::string& id, const std::string& description);
  void wipe_status() { object.status = {}; }
  void wipe_intent();
  // A new process, and somebody took from the object whatever tells of its account.
  void restart_without_traces() {
    restart();
    wipe_status();
    object.meta.annotations.clear();
    object.meta.finalizers.clear();
  }

  // ---- What there is
  secret_content& secret(const std::string& name = "ci-bot-token") { return secrets.at(name); }
  bool has_secret(const std::string& name = "ci-bot-token") const { return secrets.contains(name); }
  std::string token(const std::string& name = "ci-bot-token", const std::string& key = "token") const;
  // The Secret's token authenticates.
  bool token_is_live(const std::string& name = "ci-bot-token") const;
  std::string revision(const std::string& name = "ci-bot-token") const;
  std::string cause(const std::string& name = "ci-bot-token") const;
  const condition* condition_of(std::string_view type) const;
  std::string reason() const;  // of Ready
  std::string our_marker() const;
  std::string next_version() { return std::to_string(++serial); }
};

// team-a/ci-bot, just created, its connection ready.
world a_new_object();
// The same after its first issuance: Ready, nothing left to do.
world a_ready_object();

std::string fingerprint_of(std::string_view token);
secret_entry entry_of(std::string_view token);

}  // namespace platformer::accounts::test
