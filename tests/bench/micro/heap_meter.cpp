#include "tests/bench/micro/heap_meter.hpp"

#include <cstddef>

namespace {
platformer::bench::micro::heap_use used;
}

// The linker puts these in the place of malloc and aligned_alloc in what is linked statically (--wrap).
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);

void* __wrap_malloc(std::size_t size) {
  ++used.allocations;
  used.bytes += size;
  return __real_malloc(size);
}

void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  ++used.allocations;
  used.bytes += size;
  return __real_aligned_alloc(alignment, size);
}
}

namespace platformer::bench::micro {

heap_use heap_used() {
  return used;
}

void heap_meter::report(benchmark::State& state) const {
  const heap_use now = used;
  using benchmark::Counter;
  state.counters["allocations"] =
      Counter(static_cast<double>(now.allocations - before_.allocations), Counter::kAvgIterations);
  state.counters["bytes"] = Counter(static_cast<double>(now.bytes - before_.bytes), Counter::kAvgIterations);
}

}  // namespace platformer::bench::micro
