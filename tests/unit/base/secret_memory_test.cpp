// The pages of secrets, as the kernel shows them in /proc/self/smaps.
#include "base/secret_memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/secret_string.hpp"

namespace platformer::secret_memory {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t block_bytes = 32 * 1024;

// The kernel's two-letter flags of the mapping that holds an address, with a space around each.
std::string kernels_flags_of(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-') inside = begin <= wanted && wanted < end;
    if (inside && line.starts_with("VmFlags:")) return line.substr(8) + " ";
  }
  return "";
}

TEST(secret_memory, is_left_out_of_core_files_and_of_children_and_of_swap) {
  const secret_string secret("a token");
  const std::string flags = kernels_flags_of(secret.reveal().data());
  EXPECT_THAT(flags, HasSubstr(" dd "));  // not in a core file
  EXPECT_THAT(flags, HasSubstr(" wf "));  // wiped when forking
  if (in_use().unlocked_bytes == 0) {
    EXPECT_THAT(flags, HasSubstr(" lo "));
  }
}

TEST(secret_memory, what_lies_elsewhere_has_none_of_these_flags) {
  const std::string elsewhere(100, 'x');
  const std::string flags = kernels_flags_of(elsewhere.data());
  EXPECT_THAT(flags, HasSubstr(" rd "));
  for (const char* each : {" dd ", " wf ", " lo "})
    EXPECT_THAT(flags, Not(HasSubstr(each)));
}

TEST(secret_memory, a_forked_child_finds_zeros) {
  char* secret = take(7);
  std::memcpy(secret, "a token", 7);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(std::all_of(secret, secret + 7, [](char each) { return each == 0; }) ? 0 : 1);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(std::memcmp(secret, "a token", 7), 0);
  give_back(secret, 7);
}

TEST(secret_memory, is_wiped_when_it_is_given_back) {
  char* kept = take(100);  // so that the block stays, whatever happens
  for (const std::size_t size : {std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{5000}}) {
    char* secret = take(size);
    std::memset(secret, 'x', size);
    give_back(secret, size);
    EXPECT_TRUE(std::all_of(secret, secret + size, [](char each) { return each == 0; })) << size;
  }
  give_back(kept, 100);
}

TEST(secret_memory, secrets_do_not_overlap_and_pages_go_back) {
  char* first = take(1);
  const std::size_t before = in_use().mapped_bytes;
  std::vector<std::pair<char*, std::size_t>> taken;
  std::size_t asked_for = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::size_t size = 1 + i * 37 % 3000;
    char* secret = take(size);
    std::memset(secret, static_cast<int>(i % 251), size);
    taken.emplace_back(secret, size);
    asked_for += size;
  }
  EXPECT_GE(in_use().mapped_bytes, asked_for);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const auto [secret, size] = taken[i];
    const auto expected = static_cast<char>(i % 251);
    EXPECT_TRUE(std::all_of(secret, secret + size, [&](char each) { return each == expected; })) << i;
  }
  // In another order than they came.
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const auto [secret, size] = taken[i * 7 % taken.size()];
    give_back(secret, size);
  }
  EXPECT_LE(in_use().mapped_bytes, before + block_bytes);
  give_back(first, 1);
}

TEST(secret_memory, a_secret_larger_than_a_block_has_pages_of_its_own) {
  const std::size_t before = in_use().mapped_bytes;
  char* large = take(3 * block_bytes + 1);
  large[3 * block_bytes] = 'x';
  EXPECT_GT(in_use().mapped_bytes, before + 3 * block_bytes);
  EXPECT_THAT(kernels_flags_of(large), HasSubstr(" dd "));
  give_back(large, 3 * block_bytes + 1);
  EXPECT_EQ(in_use().mapped_bytes, before);
}

TEST(secret_memory, whoever_reads_beyond_its_end_is_ended) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        char* large = take(2 * block_bytes);
        volatile char beyond = large[2 * block_bytes];
        std::_Exit(beyond == 0 ? 0 : 1);
      },
      testing::KilledBySignal(SIGSEGV), "");
}

TEST(secret_memory, threads_may_take_at_the_same_time) {
  const auto take_many = [] {
    for (int i = 0; i < 5000; ++i) {
      const secret_string one(std::string(static_cast<std::size_t>(i % 300 + 1), 'a'));
      ASSERT_EQ(one.reveal().front(), 'a');
    }
  };
  std::thread other(take_many);
  take_many();
  other.join();
}

// Root may lock whatever the limit says, so it has to be somebody else.
[[noreturn]] void take_without_being_allowed_to_lock() {
  if (::geteuid() == 0 && ::setresuid(65532, 65532, 65532) != 0) std::_Exit(3);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_MEMLOCK, &none);
  int told = 0;
  when_not_locked([&](std::error_code why) {
    ++told;
    std::cerr << "told: " << why.message();
  });
  const secret_string small("a token"), large(std::string(3 * block_bytes, 'x'));
  const bool held = small.reveal() == "a token" && large.size() == 3 * block_bytes;
  int told_late = 0;
  when_not_locked([&](std::error_code) { ++told_late; });
  std::cerr << " times=" << told << " late=" << told_late << " held=" << held
            << " unlocked=" << in_use().unlocked_bytes;
  std::_Exit(0);
}

TEST(secret_memory, where_locking_is_refused_it_is_used_and_somebody_hears_once) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(take_without_being_allowed_to_lock(), testing::ExitedWithCode(0),
              "told: Operation not permitted times=1 late=1 held=1 unlocked=131072");
}

}  // namespace
}  // namespace platformer::secret_memory
