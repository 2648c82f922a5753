#include "base/secret_memory.hpp"

#include <string.h>  // explicit_bzero is not in <cstring>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bitset>
#include <cerrno>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace platformer::secret_memory {

#ifdef PLATFORMER_SECRETS_ON_THE_HEAP

char* take(std::size_t size) {
  return new char[size];
}
void give_back(char* bytes, std::size_t size) noexcept {
  explicit_bzero(bytes, size);
  delete[] bytes;
}
usage in_use() {
  return {};
}
void when_not_locked(std::function<void(std::error_code)>) {}

#else

namespace {

constexpr std::size_t unit_bytes = 64, units = 512;
constexpr std::size_t block_bytes = unit_bytes * units;  // 32 KiB: two of them fit the smallest usual limit

std::size_t units_of(std::size_t size) {
  return (size + unit_bytes - 1) / unit_bytes;
}

// Pages between two that can't be touched.
struct mapping {
  char* begin = nullptr;
  std::size_t bytes = 0;  // whole pages
  bool locked = false;
};

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

// A block of units, of which `used` says which are taken.
struct block {
  mapping memory;
  std::bitset<units> used;
};

class pool {
 public:
  // Never destroyed: secrets of static objects may outlive it.
  static pool& the_one() {
    static pool& one = *new pool;
    return one;
  }

  char* take(std::size_t size) {
    const std::lock_guard guard(mutex_);
    if (size > block_bytes) return own_pages_.emplace_back(map(size)).begin;
    const std::size_t wanted = units_of(size);
    for (block& each : blocks_)
      if (char* found = take_from(each, wanted)) return found;
    return take_from(blocks_.emplace_back(block{.memory = map(block_bytes), .used = {}}), wanted);
  }

  void give_back(char* bytes, std::size_t size) noexcept {
    explicit_bzero(bytes, size);
    const std::lock_guard guard(mutex_);
    if (size > block_bytes) {
      std::erase_if(own_pages_, [&](const mapping& each) { return each.begin == bytes && unmap(each); });
      return;
    }
    const auto in = std::find_if(blocks_.begin(), blocks_.end(), [&](const block& each) {
      return bytes >= each.memory.begin && bytes < each.memory.begin + block_bytes;
    });
    const auto first = static_cast<std::size_t>(bytes - in->memory.begin) / unit_bytes;
    for (std::size_t i = 0; i < units_of(size); ++i)
      in->used.reset(first + i);
    // The first block stays, so that a single secret that comes and goes costs no system call.
    if (in->used.none() && in != blocks_.begin() && unmap(in->memory)) blocks_.erase(in);
  }

  usage in_use() {
    const std::lock_guard guard(mutex_);
    usage sum;
    const auto add = [&sum](const mapping& each) {
      sum.mapped_bytes += each.bytes;
      if (!each.locked) sum.unlocked_bytes += each.bytes;
    };
    for (const block& each : blocks_)
      add(each.memory);
    for (const mapping& each : own_pages_)
      add(each);
    return sum;
  }

  void when_not_locked(std::function<void(std::error_code)> tell) {
    const std::lock_guard guard(mutex_);
    tell_ = std::move(tell);
    if (refusal_) tell_once(refusal_);
  }

 private:
  static char* take_from(block& from, std::size_t wanted) {
    std::size_t run = 0;
    for (std::size_t at = 0; at < units; ++at) {
      run = from.used.test(at) ? 0 : run + 1;
      if (run < wanted) continue;
      const std::size_t first = at + 1 - wanted;
      for (std::size_t i = first; i <= at; ++i)
        from.used.set(i);
      return from.memory.begin + first * unit_bytes;
    }
    return nullptr;
  }

  mapping map(std::size_t size) {
    const std::size_t page = page_bytes();
    const std::size_t bytes = (size + page - 1) / page * page;
    void* all = ::mmap(nullptr, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);  // NOLINT
    if (all == MAP_FAILED) throw std::bad_alloc();
    char* begin = static_cast<char*>(all) + page;
    if (::mprotect(begin, bytes, PROT_READ | PROT_WRITE) != 0) {
      ::munmap(all, bytes + 2 * page);
      throw std::bad_alloc();
    }
    // Both are advice that every kernel since 4.14 takes; the process is undumpable beside it.
    ::madvise(begin, bytes, MADV_DONTDUMP);
    ::madvise(begin, bytes, MADV_WIPEONFORK);
    const bool locked = ::mlock(begin, bytes) == 0;
    if (!locked) tell_once({errno, std::generic_category()});
    return {.begin = begin, .bytes = bytes, .locked = locked};
  }

  static bool unmap(const mapping& what) noexcept {
    return ::munmap(what.begin - page_bytes(), what.bytes + 2 * page_bytes()) == 0;
  }

  void tell_once(std::error_code why) {
    refusal_ = why;
    if (const auto tell = std::exchange(tell_, {})) tell(why);
  }

  std::mutex mutex_;
  std::vector<block> blocks_;
  std::vector<mapping> own_pages_;  // of secrets larger than a block
  std::function<void(std::error_code)> tell_;
  std::error_code refusal_;
};

}  // namespace

char* take(std::size_t size) {
  return pool::the_one().take(size);
}
void give_back(char* bytes, std::size_t size) noexcept {
  pool::the_one().give_back(bytes, size);
}
usage in_use() {
  return pool::the_one().in_use();
}
void when_not_locked(std::function<void(std::error_code)> tell) {
  pool::the_one().when_not_locked(std::move(tell));
}

#endif

}  // namespace platformer::secret_memory
