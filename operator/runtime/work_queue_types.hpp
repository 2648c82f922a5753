// What a work_queue says about itself, for callers that don't need the template.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace platformer::runtime {

enum class queue_priority : std::uint8_t {
  normal,  // something changed
  low,     // initial list, resync, retries, what was due: nobody is waiting for it right now
};
inline constexpr std::size_t queue_priorities = 2;

// What a failure's back-off is held within, such as a server's Retry-After; at_least wins.
struct delay_bounds {
  duration at_least{0};
  duration at_most = duration::max();
};

struct queue_statistics {
  struct level {
    std::size_t depth = 0;   // ready, not yet popped
    std::uint64_t adds = 0;  // calls that made a key of this priority ready or known to be needed again
    std::optional<duration> oldest;  // how long the head has been ready
  };
  std::array<level, queue_priorities> levels{};  // by queue_priority
  std::size_t delayed = 0;                       // waiting for a time
  std::size_t processing = 0;                    // popped, not done
  std::uint64_t retries = 0;                     // rate-limited adds

  const level& of(queue_priority priority) const { return levels[static_cast<std::size_t>(priority)]; }
  std::size_t depth() const { return levels[0].depth + levels[1].depth; }
};

}  // namespace platformer::runtime
