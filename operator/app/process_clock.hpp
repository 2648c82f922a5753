// The time that this process goes by, from the machine's two clocks (runtime/settable_clock.hpp).
#pragma once

#include "app/world.hpp"
#include "runtime/settable_clock.hpp"

namespace platformer::app {

class process_clock {
 public:
  process_clock();

  time_point now() const { return clock_.read(even()); }
  // Since some moment, by a clock that nobody can set.
  static duration even();
  // Takes over what the machine's clock was set by since, moves what `in` knows along, and says so in the
  // log. By how much; zero: it was not set. The queues are for the caller to tell.
  duration follow(world& in);

 private:
  runtime::settable_clock clock_;
};

}  // namespace platformer::app
