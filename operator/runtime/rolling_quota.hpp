// How many tokens of a connection's accounts may be replaced because the Console rejected them: a Console
// that rejects everything must not make us renew a fleet. Pure: `now` is an argument.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace platformer::runtime {

class rolling_quota {
 public:
  static constexpr duration window = std::chrono::hours(1);

  // A tenth of a fleet, rounded up: what it may have in any `window`.
  static constexpr std::size_t limit_of(std::size_t fleet) { return fleet / 10 + (fleet % 10 == 0 ? 0 : 1); }

  // Grants one to `account` if in the window before `now` it had none and the fleet, of the size given, less
  // than its limit.
  bool try_take(std::string_view account, std::size_t fleet, time_point now);

  // When try_take would grant it, if nothing else happens; `now` when it would at once. With an empty fleet
  // it never would: then it is a window from now.
  time_point next_available(std::string_view account, std::size_t fleet, time_point now) const;

  // How many were granted in the window before `now`.
  std::size_t taken(time_point now) const;

  // The same for an account that has one it has not used: where that is still in the window, it counts from
  // now on.
  bool retake(std::string_view account, std::size_t fleet, time_point now);

  // The clock that `now` is read from was set by so much.
  void clock_was_set(duration by);

 private:
  struct grant {
    std::string account;
    time_point at;
  };
  void forget(time_point now);
  static bool counts(const grant& each, time_point now) { return now - each.at < window; }

  std::deque<grant> grants_;  // oldest first; never more than the largest limit that was given in one window
};

}  // namespace platformer::runtime
