// operator new and delete for the whole program, of which delete wipes what it frees.
//
// Defence in depth: token bytes have owners that wipe them (secret_string, net::wiping_allocator), but a
// token also passes through buffers that libraries make for themselves: strings inside the JSON parser,
// Beast's header fields, a std::string that grew. Those come from operator new, so here none of them is given
// back with its bytes in place: neither a later bug that reads stale memory nor a memory image shows more
// than the live objects. What C code takes from malloc is not covered (OpenSSL cleanses its own), nor are
// stacks.
//
// Linked as an object into the executable, so that the linker can't prefer the standard library's. No header:
// nothing calls this by name. Sanitizers bring operators of their own; builds with one go without this file.
#include <malloc.h>
#include <string.h>  // explicit_bzero is not in <cstring>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

// The protocol of [new.delete.single]: ask the handler for memory until there is some, or none to ask.
template <class Allocate>
void* insist(Allocate allocate) {
  for (;;) {
    if (void* memory = allocate()) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void* take(std::size_t size) {
  return insist([size] { return std::malloc(size == 0 ? 1 : size); });
}

void* take_aligned(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return insist([size, unit]() -> void* {
    const std::size_t rounded = (size + unit - 1) / unit * unit;
    if (rounded < size) return nullptr;  // beyond the address space
    return std::aligned_alloc(unit, rounded == 0 ? unit : rounded);
  });
}

// All that the block can hold, not what was asked for: a container may have known.
void wipe_and_free(void* memory) noexcept {
  if (memory == nullptr) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take_aligned(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return take_aligned(size, alignment);
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return take(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
  return operator new(size, none);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  try {
    return take_aligned(size, alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t& none) noexcept {
  return operator new(size, alignment, none);
}

void operator delete(void* memory) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  wipe_and_free(memory);
}
