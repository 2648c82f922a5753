#include "tests/sim/scenario.hpp"

#include "tests/sim/scenarios.hpp"

namespace platformer::sim {
namespace {

constexpr std::string_view for_pairs[] = {
    // causes: InitialIssue, RenewRequest, ScheduledRenewal, TokenLost, AccountLost, Recovery, Adoption,
    // RevokedExternally
    "issue", "renew", "scheduled", "secret_deleted", "token_overwritten", "account_deleted",
    "all_traces_wiped", "adopt", "revoked",
    // what people change, once and in a burst
    "edit_access", "rename_key", "move", "renew_burst",
    // deletion: at rest, while a token is issued, of a predecessor, within an overlap, with what stays behind
    "delete", "delete_while_issuing", "recreate", "predecessor", "replace_deleted", "orphan",
    "orphan_after_renewal",
    // a second account, two replicas, a connection's own credential
    "replace_requested", "two_issue", "two_renew", "two_delete", "two_move", "credential_while_renewing"};

}  // namespace

std::span<const scenario> scenarios() {
  static const std::vector<scenario> all = [] {
    std::vector<scenario> joined;
    for (const auto group :
         {life_scenarios(), disturbance_scenarios(), environment_scenarios(), replica_scenarios(),
          token_scenarios(), connection_scenarios(), credential_scenarios(), clock_scenarios()})
      joined.insert(joined.end(), group.begin(), group.end());
    return joined;
  }();
  return all;
}

const scenario* find_scenario(std::string_view name) {
  for (const scenario& each : scenarios())
    if (each.name == name) return &each;
  return nullptr;
}

std::span<const scenario* const> scenarios_for_pairs() {
  static const std::vector<const scenario*> all = [] {
    std::vector<const scenario*> chosen;
    for (const std::string_view name : for_pairs)
      chosen.push_back(find_scenario(name));
    return chosen;
  }();
  return all;
}

verdict run(const scenario& what, const struct schedule& how, const mutant& bugs) {
  world in(how, bugs);
  what.play(in);
  in.come_to_rest();
  // Most scenarios leave out what is tried once a day by default.
  if (!in.failed() && in.watcher.only_verification_helps(in)) {
    in.crowd.edit_object(
        in, [](service_account& object) { object.spec.token.verify_interval = std::chrono::hours(24); });
    in.pass(std::chrono::hours(25));
  }
  if (!in.failed()) what.expect(in);
  return {in.violations(), in.transcript(),     in.watcher.end_state(in),
          in.points(),     in.watcher.minted(), in.overtaken_calls()};
}

}  // namespace platformer::sim
