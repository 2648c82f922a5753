// A rate limit: `burst` calls at once, then `per_second` on average. Pure: `now` is an argument.
#pragma once

#include "base/clock.hpp"

namespace platformer::runtime {

class token_bucket {
 public:
  // per_second > 0, burst >= 1; the bucket starts full.
  token_bucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // Takes one token if there is one.
  bool try_take(time_point now);

  // When the next token is there; `now` when there is one already.
  time_point next_available(time_point now) const;

  // The clock that `now` is read from was set by so much.
  void clock_was_set(duration by) { filled_at_ += by; }

 private:
  double tokens_at(time_point now) const;

  double per_second_;
  double burst_;
  double tokens_;  // at filled_at_
  time_point filled_at_{};
};

}  // namespace platformer::runtime
