// What must hold (docs/issuance-protocol.md, "What holds, whatever happens"): after every change of the
// servers, and when everything is at rest. Knows the world, not the operator's thoughts.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "controllers/service_account/effects.hpp"
#include "model/operation.hpp"
#include "tests/models/console_model.hpp"
#include "tests/models/kube_model.hpp"

namespace platformer::sim {

class world;
struct account_run;

// On whose behalf a request of the operator is carried out.
struct actor {
  object_key object;
  std::string uid;
  std::string intent_id;  // of a minting; else empty
  mint_cause cause = mint_cause::initial_issue;
  bool preflight = false;  // a dry run passed in this reconcile
  time_point began_at{};
  std::uint64_t deeds_before = 0;
  adoption_policy adoption = adoption_policy::if_marked;
  std::string account_name;         // that the spec wants
  std::string secret_version;       // of the Secret, as it was seen
  std::string renew;                // the value of the renew annotation, as it was seen
  std::optional<string_set> roles;  // that the spec wants, for an adoption
  bool late = false;                // nobody waits for the answer any more
  time_point due_at{};  // the request's deadline: until then whoever goes on has to reckon with it
};

inline constexpr std::size_t mint_causes = static_cast<std::size_t>(mint_cause::recovery) + 1;

class oracle {
 public:
  // Null: people, the garbage collector.
  void set_actor(const actor* who) { actor_ = who; }
  const actor* acting() const { return actor_; }

  void on_change(world& in, const models::kube_change& change);
  void on_change(world& in, const models::account_change& change);
  void on_note(world& in, const std::string& text);
  void on_request(world& in);
  // A call reaches the Console, of a reconcile of that object or connection that began then.
  void on_call(world& in, const object_key& key, time_point began_at);
  // A token was minted that way, and its intent is not on the object any more.
  void on_unnoticed_mint(world& in, const actor& who) const;
  // A fleet makes more requests than invariant 8 lets a few objects make. `told` of what the operator does to
  // accounts.
  void watch_fleet(std::function<void(const models::account_change&)> told) { fleet_ = std::move(told); }
  // Calls that reached the Console.
  std::uint64_t calls() const { return calls_; }
  // The Secret's writes are refused then: what is begun in that time may mint nothing.
  void refuse_secrets_between(time_point from, time_point to) {
    refused_from_ = from;
    refused_to_ = to;
  }

  // The connection replaces its own credential: from now on what its Secret holds has to work at every
  // moment, and there are two accounts of its own at most.
  void judge_credential_of(const console_connection& connection) { credential_of_ = connection; }
  // True: what connections do now is carried out later than anybody has to reckon with.
  void set_overdue_credential(bool is) { overdue_credential_ = is; }
  // At rest it has one account of its own, whose token is in the Secret.
  void credential_at_rest(world& in) const;

  // Living objects have one account, a Secret with its live token, and a status that says so; others nothing.
  void at_rest(world& in) const;
  // The subject's token is dead, and nothing that is left tells the operator so: it has to try the token.
  bool only_verification_helps(const world& in) const;
  // Only that nothing too much exists: for states in which something has to wait.
  void nothing_superfluous(world& in) const;
  // One line that two runs which end alike have in common: everything but names and numbers.
  std::string end_state(const world& in) const;
  std::uint64_t minted(mint_cause cause) const { return mints_[static_cast<std::size_t>(cause)]; }
  std::uint64_t minted() const;

 private:
  void on_secret(world& in, const models::kube_change& change);
  void on_object(world& in, const models::kube_change& change) const;
  void check_credential(world& in) const;
  void on_credential(world& in, const models::account_change& change);
  // Nothing but the operator has changed anything since the acting reconcile began.
  bool is_undisturbed(const world& in) const;
  void on_end_of_token(world& in, const models::account_change& change) const;
  void on_another_account(world& in) const;
  bool repeats_letting_go(const models::account_change& change);
  void on_removal_by_connection(world& in, const account& gone) const;
  void note_creation(const world& in);
  void on_mint(world& in, bool creates);
  void on_scheduled_mint(world& in, const service_account& object) const;
  void on_revoked_mint(world& in);
  void on_adoption_mint(world& in, const models::account_change& change) const;
  void check_object(world& in, const service_account& object) const;
  void check_secret(world& in, const service_account& object, const account& owner) const;
  void check_restarts(world& in, const service_account& object) const;
  void check_mints(world& in) const;
  static std::uint64_t revoked_limit(const world& in);

  const actor* actor_ = nullptr;
  std::optional<console_connection> credential_of_;
  bool overdue_credential_ = false;
  std::size_t overtaken_credentials_ = 0;  // made for connections when they had been given up
  std::function<void(const models::account_change&)> fleet_;
  std::uint64_t calls_ = 0;
  std::array<std::uint64_t, mint_causes> mints_{};
  std::vector<std::string> renewals_;  // operations whose tokens came after a first one
  std::vector<std::pair<std::string, time_point>>
      automatic_;                                  // UID and time of unscheduled, unrequested ones
  std::uint64_t late_removals_ = 0;                // of accounts, when nobody waited for it any more
  std::map<std::string, time_point> let_go_late_;  // accounts that lost their marker in such a call
  std::uint64_t replacements_ = 0;                 // accounts made to take the place of others
  std::vector<std::pair<std::string, time_point>> late_creations_;  // by whose UID, when
  std::array<std::uint64_t, mint_causes>
      repeated_unseen_{};           // of these, while listings hid them; by whose cause
  std::deque<time_point> revoked_;  // mintings for rejected tokens in the last hour
  std::uint64_t requests_ = 0;      // in the hour that ends then
  time_point hour_end_{};
  time_point refused_from_{};
  time_point refused_to_{};
};

}  // namespace platformer::sim
