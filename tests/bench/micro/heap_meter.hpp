// How much the program has taken from the heap through operator new, the standard library's share included.
// The operators are those of the shipped program (base/zeroizing_heap.cpp); its calls of malloc are counted.
// What C libraries (OpenSSL) take from malloc is theirs and not counted.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace platformer::bench::micro {

struct heap_use {
  std::uint64_t allocations = 0;
  std::uint64_t bytes = 0;
};

// Since the start of the program.
heap_use heap_used();

// Notes what is taken between its construction and report(), per iteration and as counters of the benchmark.
class heap_meter {
 public:
  void report(benchmark::State& state) const;

 private:
  heap_use before_ = heap_used();
};

}  // namespace platformer::bench::micro
