// Where the bytes of a secret_string live: pages that hold nothing else. The kernel keeps them out of swap
// and of core files and shows a forked child zeros in their place; before and behind them lie pages that
// nobody can touch.
//
// Locking is bounded by the system (RLIMIT_MEMLOCK, often 8 MiB, in old containers 64 KiB). Where it is
// refused the memory is used as it is, and when_not_locked() hears of it. Builds with a sanitizer use the
// ordinary heap, so that each secret has red zones of its own.
#pragma once

#include <cstddef>
#include <functional>
#include <system_error>

namespace platformer::secret_memory {

// Room for `size` bytes, at least one. std::bad_alloc when there is none. May be called by any thread.
char* take(std::size_t size);

// Wipes it and gives it back; `size` as it was asked for.
void give_back(char* bytes, std::size_t size) noexcept;

struct usage {
  std::size_t mapped_bytes = 0;    // the pages that can be used, without those around them
  std::size_t unlocked_bytes = 0;  // of these, what may get into swap
};
usage in_use();

// Calls `tell` with the reason when locking is refused: at once when that has happened before, else the first
// time that it happens, and only once. It must not use secrets. An empty function: nobody is told any more.
void when_not_locked(std::function<void(std::error_code)> tell);

}  // namespace platformer::secret_memory
