// What Prometheus is told of single objects: counted anew at each scrape from what the process knows, so that
// what was deleted is no series any more. Its size grows with connections, not with accounts, unless asked.
//
//   m.serialize(fleet_families(in, watches.numbers(), options.metrics_per_account));
//
// The labels `connection` and `account` are "<namespace>/<name>"; a ClusterConsoleConnection's is its name.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <vector>

#include "app/world.hpp"

namespace platformer::app {

// The watches of one resource together.
struct watch_numbers {
  std::string resource;        // plural
  bool up = false;             // complete, and nothing is wrong with it now
  std::uint64_t failures = 0;  // of lists and watches since the start
};

// `per_account`: also when each token ends and is to be renewed, two series an account.
std::vector<prometheus::MetricFamily> fleet_families(const world& in,
                                                     const std::vector<watch_numbers>& watches,
                                                     bool per_account);

}  // namespace platformer::app
