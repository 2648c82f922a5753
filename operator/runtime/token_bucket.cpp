#include "runtime/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace platformer::runtime {
namespace {

double seconds(duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

bool token_bucket::try_take(time_point now) {
  tokens_ = tokens_at(now);
  filled_at_ = std::max(filled_at_, now);
  // A wait in whole milliseconds may fall short by a rounding error.
  if (tokens_ < 1.0 - 1e-9) return false;
  tokens_ = std::max(0.0, tokens_ - 1.0);
  return true;
}

time_point token_bucket::next_available(time_point now) const {
  const double missing = 1.0 - tokens_at(now);
  if (missing <= 1e-9) return now;
  const double wait = std::ceil(missing / per_second_ * 1000.0);
  return std::max(now, filled_at_) + duration(static_cast<duration::rep>(wait));
}

// A clock that was set back adds nothing, but takes nothing away either.
double token_bucket::tokens_at(time_point now) const {
  const double passed = std::max(0.0, seconds(now - filled_at_));
  return std::min(burst_, tokens_ + passed * per_second_);
}

}  // namespace platformer::runtime
