// When a Console that does not work may be called again. Pure: `now` is an argument.
//
// Closed, every call is allowed. After `failures_to_open` failures in a row it opens: then one call at a time
// is allowed, the probe, first after `shortest_wait`, each time after twice as long, up to `longest_wait`.
// The first success, of whichever call, closes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace platformer::runtime {

struct circuit_breaker_limits {
  std::size_t failures_to_open = 5;
  duration shortest_wait = std::chrono::seconds(1);
  duration longest_wait = std::chrono::seconds(30);
  // A probe whose outcome never comes, since its caller ended, is given up then. Longer than any call may
  // take.
  duration probe_timeout = std::chrono::minutes(6);
};

class circuit_breaker {
 public:
  // What a caller is told, and hands back with the outcome of its call.
  struct answer {
    bool allowed = false;
    time_point ask_again{};   // when not allowed; a probe that ends earlier may change it
    std::uint64_t probe = 0;  // the probe's number; 0: an ordinary call
  };

  explicit circuit_breaker(const circuit_breaker_limits& limits = {}) : limits_(limits) {}

  // Whether a call may be made now. When that is the probe, nobody else gets one until it has ended.
  answer may_call(time_point now);

  // The call was answered, be it with a refusal: the Console works.
  void on_success();
  // A 5xx, or no answer. Of calls that were allowed before it opened, a late failure changes nothing.
  void on_failure(const answer& call, time_point now);
  // The call was not made after all, or says nothing about the Console: the next one to ask may be the probe.
  void on_no_outcome(const answer& call);

  // The clock that `now` is read from was set by so much.
  void clock_was_set(duration by);

  bool is_open() const { return open_.has_value(); }

 private:
  struct opened {
    duration wait;
    time_point next_probe;
    std::uint64_t probe = 0;  // under way; 0: none
    time_point probe_ends{};
  };
  bool is_current_probe(const answer& call) const;

  circuit_breaker_limits limits_;
  std::size_t failures_ = 0;  // in a row
  std::uint64_t probes_ = 0;  // so far, for their numbers
  std::optional<opened> open_;
};

}  // namespace platformer::runtime
