// What the benchmarks came to: a table for people, JSON for programs, and whether all bounds hold.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace platformer::bench::micro {

struct sample {
  double nanoseconds = 0;  // processor time of one operation
  double allocations = 0;
  double bytes = 0;
};

// Collects runs; prints nothing.
class collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override;

  // The median of a benchmark's repetitions; nullopt: it did not run.
  std::optional<sample> median_of(const std::string& name) const;
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  std::map<std::string, std::vector<sample>> samples_;
  std::vector<std::string> failures_;
};

// Prints the table of what was run.
nlohmann::json report(const collector& measured);

// Prints what took more from the heap than it may; whether nothing did.
bool holds_bounds(const collector& measured);

}  // namespace platformer::bench::micro
