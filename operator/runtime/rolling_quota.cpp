#include "runtime/rolling_quota.hpp"

#include <algorithm>

namespace platformer::runtime {

bool rolling_quota::try_take(std::string_view account, std::size_t fleet, time_point now) {
  forget(now);
  if (next_available(account, fleet, now) > now) return false;
  grants_.push_back({std::string(account), now});
  return true;
}

time_point rolling_quota::next_available(std::string_view account, std::size_t fleet, time_point now) const {
  const std::size_t limit = limit_of(fleet);
  if (limit == 0) return now + window;
  time_point at = now;
  // A grant from the future, by a clock that was set back, counts as given now.
  const auto ends = [&](const grant& each) { return std::min(each.at, now) + window; };
  for (const grant& each : grants_)
    if (each.account == account && counts(each, now)) at = std::max(at, ends(each));
  // The fleet may have shrunk: then more than one has to leave the window.
  if (const std::size_t used = taken(now); used >= limit) {
    const std::size_t leaving = grants_.size() - limit;
    at = std::max(at, ends(grants_[leaving]));
  }
  return at;
}

std::size_t rolling_quota::taken(time_point now) const {
  return static_cast<std::size_t>(
      std::count_if(grants_.begin(), grants_.end(), [&](const grant& each) { return counts(each, now); }));
}

bool rolling_quota::retake(std::string_view account, std::size_t fleet, time_point now) {
  forget(now);
  const auto held = std::find_if(grants_.begin(), grants_.end(),
                                 [&](const grant& each) { return each.account == account; });
  if (held == grants_.end()) return try_take(account, fleet, now);
  grants_.erase(held);
  grants_.push_back({std::string(account), now});
  return true;
}

void rolling_quota::clock_was_set(duration by) {
  for (grant& each : grants_)
    each.at += by;
}

void rolling_quota::forget(time_point now) {
  for (grant& each : grants_)
    each.at = std::min(each.at, now);
  while (!grants_.empty() && !counts(grants_.front(), now))
    grants_.pop_front();
}

}  // namespace platformer::runtime
