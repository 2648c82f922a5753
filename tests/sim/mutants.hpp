// Deliberate bugs of the protocol, each of which the oracles have to catch.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tests/sim/mutant.hpp"

namespace platformer::sim {

struct named_mutant {
  std::string_view name;
  std::string_view about;
  std::unique_ptr<mutant> bugs;
};

std::vector<named_mutant> all_mutants();

// The groups that make it up.
void add_issuance_mutants(std::vector<named_mutant>& all);    // intent, dry run, call, commit
void add_ownership_mutants(std::vector<named_mutant>& all);   // marker, owner, deletion
void add_memory_mutants(std::vector<named_mutant>& all);      // doubt, requests, caches, secrecy
void add_life_mutants(std::vector<named_mutant>& all);        // schedules, Replace, verification, adoption
void add_credential_mutants(std::vector<named_mutant>& all);  // a connection's own credential
void add_replica_mutants(std::vector<named_mutant>& all);     // fence, takeover, clocks

}  // namespace platformer::sim
