#include "tests/bench/micro/report.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "tests/bench/micro/figures.hpp"

namespace platformer::bench::micro {
namespace {

// Of the member in question; each for itself, as allocations are the same every time and times are not.
double middle(std::vector<sample> of, double sample::*member) {
  std::ranges::sort(of, {}, member);
  return of[of.size() / 2].*member;
}

}  // namespace

void collector::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    const std::string name = run.run_name.function_name;
    if (run.error_occurred) failures_.push_back(name + ": " + run.error_message);
    if (run.error_occurred || run.run_type != Run::RT_Iteration) continue;
    samples_[name].push_back({.nanoseconds = run.GetAdjustedCPUTime(),
                              .allocations = run.counters.at("allocations"),
                              .bytes = run.counters.at("bytes")});
  }
}

std::optional<sample> collector::median_of(const std::string& name) const {
  const auto found = samples_.find(name);
  if (found == samples_.end()) return std::nullopt;
  return sample{middle(found->second, &sample::nanoseconds), middle(found->second, &sample::allocations),
                middle(found->second, &sample::bytes)};
}

nlohmann::json report(const collector& measured) {
  nlohmann::json rows = nlohmann::json::array();
  std::printf("| %-34s | %10s | %11s | %9s | %6s | %-35s |\n", "operation", "CPU µs", "allocations", "bytes",
              "ratio", "to");
  std::printf("|%s|%s:|%s:|%s:|%s:|%s|\n", std::string(36, '-').c_str(), std::string(11, '-').c_str(),
              std::string(12, '-').c_str(), std::string(10, '-').c_str(), std::string(7, '-').c_str(),
              std::string(37, '-').c_str());
  for (const figure& each : figures()) {
    const auto own = measured.median_of(std::string(each.name));
    const auto plain = measured.median_of(reference_of(each));
    if (!own || !plain) continue;
    const double ratio = own->nanoseconds / plain->nanoseconds;
    std::printf("| %-34.*s | %9.2f | %11.1f | %9.0f | %6.2f | %-35.*s |\n",
                static_cast<int>(each.name.size()), each.name.data(), own->nanoseconds / 1000,
                own->allocations, own->bytes, ratio, static_cast<int>(each.reference_name.size()),
                each.reference_name.data());
    rows.push_back({{"name", each.name},
                    {"cpu_ns", own->nanoseconds},
                    {"allocations", own->allocations},
                    {"bytes", own->bytes},
                    {"reference", each.reference_name},
                    {"reference_cpu_ns", plain->nanoseconds},
                    {"reference_allocations", plain->allocations},
                    {"ratio", ratio}});
  }
  return rows;
}

bool holds_bounds(const collector& measured) {
  bool good = true;
  for (const figure& each : figures()) {
    const auto own = measured.median_of(std::string(each.name));
    if (!own || own->allocations <= each.max_allocations) continue;
    good = false;
    std::fprintf(stderr, "%.*s: %.1f allocations, at most %.1f are allowed\n",
                 static_cast<int>(each.name.size()), each.name.data(), own->allocations,
                 each.max_allocations);
  }
  return good;
}

}  // namespace platformer::bench::micro
