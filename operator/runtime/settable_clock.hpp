// The machine's time as one process goes by it. It runs evenly, whatever is done to the machine's clock, and
// takes over what that was set by when it is told to look: then whoever keeps moments moves them along, so
// that what was to last ten minutes lasts ten minutes. Pure: both clocks are arguments.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace platformer::runtime {

class settable_clock {
 public:
  // What is less is not worth looking at everything again.
  static constexpr duration least_change = std::chrono::seconds(1);

  // `machine`: the clock that can be set; `even`: time since some moment, by one that can't.
  settable_clock(time_point machine, duration even) : ahead_(machine - time_point(even)) {}

  time_point read(duration even) const { return time_point(even) + ahead_; }

  // By how much the machine's clock was set since, forward when positive; read() tells its time from now on.
  // Zero: it was not, or by less than `least_change`.
  duration follow(time_point machine, duration even) {
    const duration by = machine - read(even);
    if (by < least_change && by > -least_change) return duration(0);
    ahead_ += by;
    return by;
  }

 private:
  duration ahead_;
};

// A moment that a process keeps, when its clock was set by so much; those that are not set stay so.
inline void move_moment(time_point& at, duration by) {
  if (at != time_point{}) at += by;
}

}  // namespace platformer::runtime
