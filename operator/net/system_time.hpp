// The machine's clock, which anybody may set, for those that may ask one: pure code is handed its time.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace platformer::net {

inline time_point system_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace platformer::net
