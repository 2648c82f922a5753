// An allocator that wipes what it gives back, so that containers that grow leave no copies of a token behind.
#pragma once

#include <string.h>  // explicit_bzero is not in <cstring>

#include <cstddef>
#include <new>
#include <vector>

namespace platformer::net {

template <class T>
struct wiping_allocator {
  using value_type = T;

  wiping_allocator() = default;
  template <class U>
  wiping_allocator(const wiping_allocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) noexcept {
    explicit_bzero(static_cast<void*>(memory), count * sizeof(T));
    ::operator delete(memory);
  }

  template <class U>
  friend bool operator==(const wiping_allocator&, const wiping_allocator<U>&) noexcept {
    return true;
  }
};

using wiped_bytes = std::vector<char, wiping_allocator<char>>;

}  // namespace platformer::net
