// What the process does at its very start so that its memory, which holds tokens, is nobody else's.
#pragma once

#include "base/result.hpp"

namespace platformer::app {

// Makes the process undumpable (no core file, no ptrace and no /proc/PID/mem for other processes of the same
// user), sets the limit of core files to 0, which child processes inherit, and the umask to 077. To be called
// before any file is opened or any secret is read.
result<void> harden_process();

}  // namespace platformer::app
