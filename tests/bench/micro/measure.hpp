// How a benchmark runs: warmed up, its result checked each time, allocations counted.
#pragma once

#include <benchmark/benchmark.h>

#include "tests/bench/micro/heap_meter.hpp"

namespace platformer::bench::micro {

inline constexpr const char* wrong_result = "the work's result is wrong";
// Caches are warm and buffers have grown by then.
inline constexpr int warm_ups = 3;

// `work` returns whether its result is what it should be; if not, the benchmark fails.
template <class Work>
void measure(benchmark::State& state, Work&& work) {
  bool right = true;
  for (int i = 0; i < warm_ups; ++i)
    right = work() && right;
  const heap_meter heap;
  for ([[maybe_unused]] auto each : state)
    right = work() && right;
  heap.report(state);
  if (!right) state.SkipWithError(wrong_result);
}

}  // namespace platformer::bench::micro
