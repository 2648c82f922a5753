#include "tests/integration/harness/wait.hpp"

#include <poll.h>

namespace platformer::test {

bool eventually(std::chrono::milliseconds deadline, const std::function<bool()>& answer) {
  constexpr int pause_ms = 50;
  const auto until = std::chrono::steady_clock::now() + deadline;
  while (!answer()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    ::poll(nullptr, 0, pause_ms);
  }
  return true;
}

}  // namespace platformer::test
