// Waiting for what nobody reports, with a deadline: only where neither `kubectl wait` nor a process's own
// line tells.
#pragma once

#include <chrono>
#include <functional>

namespace platformer::test {

// Asks every 50 ms until the answer is true. False when it never was before the deadline.
bool eventually(std::chrono::milliseconds deadline, const std::function<bool()>& answer);

}  // namespace platformer::test
