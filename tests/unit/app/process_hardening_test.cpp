// Hardening is for the whole process, so it is tried on a child.
#include "app/process_hardening.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <iostream>

#include "app/process_metrics.hpp"

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

}  // namespace
}  // namespace platformer::app
