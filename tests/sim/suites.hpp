// Families of schedules: every single fault and every pair of them at every request of a scenario, and any
// number of random ones.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/scenario.hpp"

namespace platformer::sim {

// A schedule of which something did not hold.
struct finding {
  const scenario* what = nullptr;
  schedule how;
  std::vector<std::string> violations;
};
// What was wrong, and the command that shows it.
std::string describe(const finding& found);

// The same trouble with as few faults as possible, and with even latencies where it shows with those as well.
finding shrink(finding found, const mutant* bugs = nullptr);

struct tally {
  std::uint64_t schedules = 0;
  std::uint64_t minted = 0;
  std::uint64_t possible = 0;     // pairs, of which the schedules are a sample
  std::uint64_t requests = 0;     // after arm()
  std::vector<finding> findings;  // the first few
  std::uint64_t failed = 0;

  void add(const scenario& what, const schedule& how, const verdict& result);
  void add(tally other);
};

struct suite_options {
  const mutant* bugs = nullptr;           // null: none
  std::uint64_t stop_after = UINT64_MAX;  // failed schedules
  std::uint64_t most_pairs = 0;           // of a scenario, about, drawn by `seed`; 0: all
  std::uint64_t seed = 0;
};

// Each fault at each request of the scenario, and when all is at rest. Where only the network, the servers or
// the process were at fault, the end must be that of the run without faults.
tally run_single_faults(const scenario& what, const suite_options& options = {});
// Each pair of faults of which the first is one of `part` of `parts` equal shares of the points.
tally run_pairs_of_faults(const scenario& what, unsigned part, unsigned parts,
                          const suite_options& options = {});

// The schedule that a seed stands for: a scenario, one to five faults, latencies.
finding swarm_schedule(std::uint64_t seed);
// `count` schedules from `first` on. `done` counts them while it runs.
tally run_swarm(std::uint64_t first, std::uint64_t count, std::atomic<std::uint64_t>* done = nullptr,
                const suite_options& options = {});

}  // namespace platformer::sim
