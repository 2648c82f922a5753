// Deliberate bugs of the protocol, each of which the oracles have to catch.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tests/sim/mutant.hpp"
#include "tests/sim/replica.hpp"

namespace platformer::sim {

struct named_mutant {
  std::string_view name;
  std::string_view about;
  std::unique_ptr<mutant> bugs;
};

std::vector<named_mutant> all_mutants();

// Has `change` done to the metadata of all Secrets that the run sees.
template <class Change>
void change_seen_secrets(account_run& run, Change change) {
  const auto changed = [&](const secret_meta& is) {
    secret_meta copy = is;
    change(copy.meta);
    return std::make_shared<const secret_meta>(std::move(copy));
  };
  if (run.seen.secret) run.seen.secret = changed(*run.seen.secret);
  for (auto& each : run.seen.owned)
    each = changed(*each);
}

// The groups that make it up.
void add_issuance_mutants(std::vector<named_mutant>& all);    // intent, dry run, call, commit
void add_ownership_mutants(std::vector<named_mutant>& all);   // marker, owner, deletion
void add_memory_mutants(std::vector<named_mutant>& all);      // doubt, requests, caches, secrecy
void add_life_mutants(std::vector<named_mutant>& all);        // schedules, Replace, verification, adoption
void add_credential_mutants(std::vector<named_mutant>& all);  // a connection's own credential
void add_replica_mutants(std::vector<named_mutant>& all);     // fence, takeover, clocks

}  // namespace platformer::sim
