// The families behind app/metrics.hpp, for its own sources only.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/metrics.hpp"

namespace platformer::app {

using counters = prometheus::Family<prometheus::Counter>;
using gauges = prometheus::Family<prometheus::Gauge>;
using histograms = prometheus::Family<prometheus::Histogram>;
using buckets = prometheus::Histogram::BucketBoundaries;

inline constexpr std::string_view other_value = "other";

inline counters& add_counter(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}
inline gauges& add_gauge(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(in);
}
inline histograms& add_histogram(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(in);
}

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& known, std::string_view value) {
  return std::string(std::find(known.begin(), known.end(), value) == known.end() ? other_value : value);
}

// A condition's or event's reason as a label: one of reason::all, else "other", as users can write them.
std::string_view known_reason(std::string_view name);

inline void raise_to(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

// Series that have been looked up once, so that counting something builds no map of labels. Keys are numbers
// that stand for label values of closed lists: there are no more of them than series.
template <class Series>
class known_series {
 public:
  // `add` returns the series; it is called for a new key only.
  template <class Add>
  Series& get(std::uint32_t key, const Add& add) {
    const auto found = series_.find(key);
    return *(found != series_.end() ? found : series_.emplace(key, &add()).first)->second;
  }

 private:
  std::unordered_map<std::uint32_t, Series*> series_;
};

// One controller's and its work queue's.
struct controller_series {
  std::array<prometheus::Counter*, 4> reconciles{};  // by reconcile_result
  std::array<prometheus::Histogram*, 3> phases{};    // by reconcile_phase
  prometheus::Counter* errors = nullptr;
  prometheus::Histogram* time = nullptr;
  prometheus::Gauge* busy = nullptr;
  prometheus::Gauge* workers = nullptr;
  prometheus::Gauge* depth = nullptr;
  prometheus::Counter* adds = nullptr;
  prometheus::Counter* retries = nullptr;
  prometheus::Histogram* waits = nullptr;
  prometheus::Histogram* work = nullptr;
  prometheus::Gauge* unfinished = nullptr;
  prometheus::Gauge* longest = nullptr;
};

// What controllers do, under controller-runtime's and client-go's names.
struct controller_families {
  explicit controller_families(prometheus::Registry& registry);

  // Of that controller; of "other" for an unknown one.
  const controller_series& of(std::string_view controller);

  counters& reconciles;
  counters& errors;
  histograms& time;
  histograms& phases;
  gauges& busy;
  gauges& workers;
  gauges& depth;
  counters& adds;
  counters& retries;
  histograms& waits;
  histograms& work;
  gauges& unfinished;
  gauges& longest;

 private:
  controller_series add(std::string_view controller);

  std::array<controller_series, 3>
      series_{};  // each known controller's, then that of "other" once it is needed
};

// Whom we ask, and what came of it.
struct request_families {
  explicit request_families(prometheus::Registry& registry);

  void count_console(console::call operation, std::uint32_t outcome, std::string_view code, double seconds);

  counters& kube;
  histograms& kube_time;
  counters& console;
  histograms& console_time;
  counters& minted;
  counters& restarts;
  counters& events;
  prometheus::Counter& events_dropped;

  known_series<prometheus::Counter> kube_known;            // by method and status
  known_series<prometheus::Histogram> kube_time_known;     // by method
  known_series<prometheus::Counter> console_known;         // by operation and outcome
  known_series<prometheus::Histogram> console_time_known;  // by operation
  known_series<prometheus::Counter> events_known;          // by type and place in reason::all
};

struct process_families {
  explicit process_families(prometheus::Registry& registry);
  void read();

  prometheus::Counter& cpu;
  prometheus::Gauge& started;
  prometheus::Gauge& resident;
  prometheus::Gauge& virtual_size;
  prometheus::Gauge& descriptors;
  prometheus::Gauge& max_descriptors;
};

struct metrics::impl {
  explicit impl(std::string_view program_version);

  prometheus::Registry registry;
  controller_families controllers{registry};
  request_families requests{registry};
  process_families process{registry};
  gauges& leader;
};

}  // namespace platformer::app
