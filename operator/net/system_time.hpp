// The machine's clocks, for those that may ask one: pure code is handed its time.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace platformer::net {

// Anybody may set it.
inline time_point system_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// Of a clock that nobody sets, and that begins anywhere: for spans.
inline time_point steady_time() {
  return time_point(std::chrono::floor<duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace platformer::net
