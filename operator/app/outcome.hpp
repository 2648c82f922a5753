// How a reconcile ended, as the queue needs to know it.
#pragma once

#include <string>
#include <variant>

#include "base/clock.hpp"

namespace platformer::app {

struct done {};    // until something changes
struct again_at {  // … or then
  time_point at{};
};
struct again_after_failure {  // with the key's back-off within these bounds
  duration at_least{};
  duration at_most{};
};
struct again_now {};  // our view was stale

using outcome = std::variant<done, again_at, again_after_failure, again_now>;

}  // namespace platformer::app
