// operator new and delete of platformer-sim: a schedule is some thousand objects of a few dozen bytes that
// live for a moment, and looking for their memory in an allocator for all purposes is a tenth of its time.
//
// Small sizes come in classes of 16 bytes from slabs that lie on multiples of their size, so that an address
// tells its slab, which knows its class. Each thread keeps what is free in one list for each class; what
// another thread allocated joins the lists of who frees it. Slabs are never given back: a schedule needs what
// the one before has freed. Everything else is malloc's. Sanitizers have operators of their own.
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t unit = 16;
constexpr std::size_t classes = 512;
constexpr std::size_t slab_size = std::size_t{64} * 1024;
constexpr std::size_t region_size = std::size_t{8} << 30U;  // of addresses; memory comes as it is touched

struct block {
  block* next;
};
// At a slab's beginning.
struct alignas(unit) slab {
  std::size_t size_class;
};

// Null: not asked for yet, or not to be had.
std::atomic<char*> region{nullptr};
std::atomic<std::size_t> used{0};
thread_local std::array<block*, classes + 1> lists{};

char* reserve_region() {
  void* const fresh = mmap(nullptr, region_size + slab_size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (fresh == MAP_FAILED) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(fresh);
  char* const start = static_cast<char*>(fresh) + (slab_size - address % slab_size) % slab_size;
  char* expected = nullptr;
  if (region.compare_exchange_strong(expected, start)) return start;
  munmap(fresh, region_size + slab_size);
  return expected;
}

void* from_malloc(std::size_t size) {
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

// Cuts a fresh slab into blocks, of which the first is returned.
void* refill(std::size_t size_class) {
  char* const start = region != nullptr ? region.load() : reserve_region();
  const std::size_t offset = start != nullptr ? used.fetch_add(slab_size) : region_size;
  const std::size_t size = size_class * unit;
  if (offset + slab_size > region_size) return from_malloc(size);
  char* const begin = start + offset;
  new (begin) slab{size_class};
  block* free = nullptr;
  const std::size_t count = (slab_size - sizeof(slab)) / size;
  for (std::size_t i = count; i-- > 0;)
    free = new (begin + sizeof(slab) + i * size) block{free};
  lists[size_class] = free->next;
  return free;
}

}  // namespace

void* operator new(std::size_t size) {
  const std::size_t size_class = size == 0 ? 1 : (size + unit - 1) / unit;
  if (size_class > classes) return from_malloc(size);
  block* const free = lists[size_class];
  if (free == nullptr) return refill(size_class);
  lists[size_class] = free->next;
  return free;
}

void operator delete(void* memory) noexcept {
  const char* const start = region.load(std::memory_order_relaxed);
  const auto offset = reinterpret_cast<std::uintptr_t>(memory) - reinterpret_cast<std::uintptr_t>(start);
  if (start == nullptr || offset >= region_size) return std::free(memory);
  const auto* const from = reinterpret_cast<const slab*>(start + offset / slab_size * slab_size);
  block*& list = lists[from->size_class];
  list = new (memory) block{list};
}

void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}
