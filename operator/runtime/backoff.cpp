#include "runtime/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace platformer::runtime {

duration backoff_delay(const backoff_policy& policy, unsigned failures, double random) {
  const auto first = static_cast<double>(policy.first.count());
  const auto max = static_cast<double>(policy.max.count());
  const double spread = std::isfinite(random) ? std::clamp(random, 0.0, 1.0) * policy.jitter : 0.0;
  // std::pow gives infinity for a large exponent; std::min brings it back.
  const double grown = first * std::pow(policy.factor, static_cast<double>(failures));
  const double base = std::min(grown, std::max(first, max / (1.0 + policy.jitter)));
  return duration(static_cast<duration::rep>(std::min(base * (1.0 + spread), max)));
}

duration backoff::next(time_point now, double random) {
  failures_ = failures(now);
  const duration delay = backoff_delay(policy_, failures_, random);
  ++failures_;
  last_delay_end_ = now + delay;
  return delay;
}

void backoff::reset() {
  failures_ = 0;
  last_delay_end_.reset();
}

unsigned backoff::failures(time_point now) const {
  const bool stale =
      policy_.reset_after > duration(0) && last_delay_end_ && now >= *last_delay_end_ + policy_.reset_after;
  return stale ? 0 : failures_;
}

}  // namespace platformer::runtime
