// What a schedule is about: who does what with which object while the operator runs. Faults come on top.
#pragma once

#include <span>
#include <string_view>

#include "tests/sim/world.hpp"

namespace platformer::sim {

struct scenario {
  std::string_view name;
  std::string_view about;
  void (*play)(world& in);    // arms the world at the point from which faults are of interest
  void (*expect)(world& in);  // when everything has come to rest
  bool elects = false;        // several replicas, of which one leads
};

std::span<const scenario> scenarios();
const scenario* find_scenario(std::string_view name);
// The short ones over which every pair of faults is tried (docs/testing.md says what they cover).
std::span<const scenario* const> scenarios_for_pairs();

// One run of a scenario under a schedule.
struct verdict {
  std::vector<std::string> violations;
  std::vector<std::string> transcript;  // with schedule.trace
  std::string end_state;
  std::uint32_t points = 0;  // requests after arm()
  std::uint64_t minted = 0;
  std::uint64_t overtaken = 0;  // world::overtaken_calls
};
verdict run(const scenario& what, const schedule& how, const mutant& bugs = mutant());

}  // namespace platformer::sim
