// Whatever C++ code frees arrives at free() with every byte zero. The linker puts this file's __wrap_free in
// the place of free, so that the bytes are looked at while they still are the program's.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {

const void* watched = nullptr;  // the block that free() is to look at
enum class fate { none, wiped, stale } seen = fate::none;

}  // namespace

extern "C" {
void __real_free(void* memory);
void __wrap_free(void* memory);
void __wrap_free(void* memory) {
  if (memory != nullptr && memory == watched) {
    const auto* bytes = static_cast<const unsigned char*>(memory);
    const bool wiped =
        std::all_of(bytes, bytes + malloc_usable_size(memory), [](unsigned char byte) { return byte == 0; });
    seen = wiped ? fate::wiped : fate::stale;
    watched = nullptr;
  }
  __real_free(memory);
}
}

namespace {

// The optimizer has to believe that somebody reads the memory.
void read_by_somebody(const void* memory) {
  asm volatile("" : : "r"(memory) : "memory");
}

void fill(void* memory) {
  std::memset(memory, 0xA5, malloc_usable_size(memory));
  read_by_somebody(memory);
}

fate fate_of(void* memory, const std::function<void()>& free_it) {
  fill(memory);
  watched = memory;
  seen = fate::none;
  free_it();
  return seen;
}

TEST(zeroizing_heap, the_watch_sees_memory_that_is_not_wiped) {
  void* memory = std::malloc(100);
  EXPECT_EQ(fate_of(memory, [&] { std::free(memory); }), fate::stale);
}

TEST(zeroizing_heap, every_plain_delete_wipes) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{24}, std::size_t{1000}, std::size_t{1} << 20}) {
    void* memory = ::operator new(size);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete(memory); }), fate::wiped) << size;
    memory = ::operator new[](size);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete[](memory); }), fate::wiped) << size;
    memory = ::operator new(size);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete(memory, size); }), fate::wiped) << size;
    memory = ::operator new[](size);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete[](memory, size); }), fate::wiped) << size;
    memory = ::operator new(size, std::nothrow);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete(memory, std::nothrow); }), fate::wiped) << size;
    memory = ::operator new[](size, std::nothrow);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete[](memory, std::nothrow); }), fate::wiped) << size;
  }
}

TEST(zeroizing_heap, every_aligned_delete_wipes_and_every_aligned_new_aligns) {
  for (const std::size_t unit : {std::size_t{32}, std::size_t{64}, std::size_t{4096}}) {
    const auto alignment = static_cast<std::align_val_t>(unit);
    const std::size_t size = unit + 1;
    const auto aligned = [&](void* memory) { return reinterpret_cast<std::uintptr_t>(memory) % unit == 0; };
    void* memory = ::operator new(size, alignment);
    EXPECT_TRUE(aligned(memory));
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete(memory, alignment); }), fate::wiped);
    memory = ::operator new[](size, alignment);
    EXPECT_TRUE(aligned(memory));
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete[](memory, alignment); }), fate::wiped);
    memory = ::operator new(size, alignment);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete(memory, size, alignment); }), fate::wiped);
    memory = ::operator new[](size, alignment);
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete[](memory, size, alignment); }), fate::wiped);
    memory = ::operator new(size, alignment, std::nothrow);
    EXPECT_TRUE(aligned(memory));
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete(memory, alignment, std::nothrow); }), fate::wiped);
    memory = ::operator new[](size, alignment, std::nothrow);
    EXPECT_TRUE(aligned(memory));
    EXPECT_EQ(fate_of(memory, [&] { ::operator delete[](memory, alignment, std::nothrow); }), fate::wiped);
  }
}

TEST(zeroizing_heap, a_string_that_grows_leaves_nothing_behind) {
  auto text = std::make_unique<std::string>(100, 's');
  std::string& growing = *text;
  EXPECT_EQ(fate_of(growing.data(), [&] { growing.reserve(10'000); }), fate::wiped);
  EXPECT_EQ(fate_of(growing.data(), [&] { text.reset(); }), fate::wiped);
}

TEST(zeroizing_heap, a_vector_and_a_shared_object_leave_nothing_behind) {
  auto bytes = std::make_unique<std::vector<char>>(500, 'v');
  EXPECT_EQ(fate_of(bytes->data(), [&] { bytes.reset(); }), fate::wiped);
}

TEST(zeroizing_heap, more_than_there_is_fails_as_it_should) {
  volatile std::size_t most = std::numeric_limits<std::size_t>::max() / 2;
  EXPECT_THROW(::operator delete(::operator new(most)), std::bad_alloc);
  EXPECT_THROW(::operator delete (::operator new (most, std::align_val_t{64}), std::align_val_t{64}),
               std::bad_alloc);
  EXPECT_EQ(::operator new(most, std::nothrow), nullptr);
  EXPECT_EQ(::operator new[](most, std::align_val_t{64}, std::nothrow), nullptr);
  volatile std::size_t wraps = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(::operator new (wraps, std::align_val_t{64}, std::nothrow), nullptr);
}

TEST(zeroizing_heap, the_new_handler_is_asked_for_memory) {
  static int asked = 0;
  asked = 0;
  std::set_new_handler([] {
    if (++asked == 3) std::set_new_handler(nullptr);
  });
  volatile std::size_t most = std::numeric_limits<std::size_t>::max() / 2;
  EXPECT_THROW(::operator delete(::operator new(most)), std::bad_alloc);
  EXPECT_EQ(asked, 3);
}

TEST(zeroizing_heap, deleting_nothing_is_fine) {
  ::operator delete(nullptr);
  ::operator delete[](nullptr, std::size_t{8});
  ::operator delete (nullptr, std::align_val_t{64});
}

}  // namespace
