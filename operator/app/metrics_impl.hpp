// The families behind app/metrics.hpp, for its own sources only.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

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

// What controllers do, under controller-runtime's and client-go's names.
struct controller_families {
  explicit controller_families(prometheus::Registry& registry);

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
};

// Whom we ask, and what came of it.
struct request_families {
  explicit request_families(prometheus::Registry& registry);

  counters& kube;
  histograms& kube_time;
  counters& console;
  histograms& console_time;
  counters& minted;
  counters& restarts;
  counters& events;
  prometheus::Counter& events_dropped;
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
