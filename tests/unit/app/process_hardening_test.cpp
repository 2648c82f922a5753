// Hardening is for the whole process, so it is tried on a child.
#include "app/process_hardening.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "app/process_metrics.hpp"
#include "base/secret_string.hpp"

namespace platformer::app {
namespace {

[[noreturn]] void report_as_hardened() {
  rlimit core{1, 1};
  const bool hardened = harden_process().has_value();
  ::getrlimit(RLIMIT_CORE, &core);
  std::cerr << "hardened=" << hardened << " dumpable=" << ::prctl(PR_GET_DUMPABLE)
            << " core=" << core.rlim_cur << "/" << core.rlim_max << " umask=" << std::oct << ::umask(0)
            << " numbers=" << read_process_numbers().has_value();
  std::_Exit(0);
}

TEST(process_hardening, leaves_no_core_no_debugger_and_private_files) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(report_as_hardened(), testing::ExitedWithCode(0),
              "hardened=1 dumpable=0 core=0/0 umask=77 numbers=1");
}

[[noreturn]] void report_what_may_be_locked() {
  const rlimit little{4096, 8192};
  ::setrlimit(RLIMIT_MEMLOCK, &little);
  rlimit locked{};
  const bool hardened = harden_process().has_value();
  ::getrlimit(RLIMIT_MEMLOCK, &locked);
  std::cerr << "hardened=" << hardened << " lock=" << locked.rlim_cur << "/" << locked.rlim_max;
  std::_Exit(0);
}

TEST(process_hardening, may_lock_as_much_as_it_is_allowed_to_ask_for) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(report_what_may_be_locked(), testing::ExitedWithCode(0), "hardened=1 lock=8192/8192");
}

#ifndef PLATFORMER_SECRETS_ON_THE_HEAP
// Root may lock whatever the limit says.
[[noreturn]] void keep_secrets_without_being_allowed_to_lock() {
  if (::geteuid() == 0 && ::setresuid(65532, 65532, 65532) != 0) std::_Exit(3);
  const rlimit little{4096, 4096};
  ::setrlimit(RLIMIT_MEMLOCK, &little);
  logger log({.level = log_level::info, .format = log_format::text});
  const swap_warning warning(log);
  const secret_string small("canary"), large(std::string(200'000, 'x'));
  std::_Exit(small.reveal() == "canary" && large.size() == 200'000 ? 0 : 1);
}

TEST(process_hardening, secrets_that_may_get_into_swap_are_a_warning_and_no_failure) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(keep_secrets_without_being_allowed_to_lock(), testing::ExitedWithCode(0),
              "secrets may get into swap: their memory can't be locked.*Cannot allocate memory.*4096");
}
#endif

}  // namespace
}  // namespace platformer::app
