// What the process does at its very start so that its memory, which holds tokens, is nobody else's.
#pragma once

#include "app/logging.hpp"
#include "base/result.hpp"

namespace platformer::app {

// Makes the process undumpable (no core file, no ptrace and no /proc/PID/mem for other processes of the same
// user), sets the limit of core files to 0, which child processes inherit, and the umask to 077, and raises
// what it may lock of its memory as far as it may. To be called before any file is opened or any secret is
// read.
result<void> harden_process();

// While it lives, the log says it (once, as a warning) when the kernel refuses to keep the pages of secrets
// out of swap: the program goes on, since most nodes have no swap.
class swap_warning {
 public:
  explicit swap_warning(logger& log);
  swap_warning(const swap_warning&) = delete;
  swap_warning& operator=(const swap_warning&) = delete;
  ~swap_warning();
};

}  // namespace platformer::app
