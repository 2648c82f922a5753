#include "app/repeat_limiter.hpp"

#include <algorithm>

namespace platformer::app {

bool repeat_limiter::open(const entry& known, time_point now) const {
  return now < known.admitted || now - known.admitted >= window_;
}

std::optional<std::uint64_t> repeat_limiter::admit(std::string_view key, time_point now) {
  if (const auto known = seen_.find(key); known != seen_.end()) {
    if (!open(known->second, now)) {
      ++known->second.suppressed;
      return std::nullopt;
    }
    const std::uint64_t suppressed = known->second.suppressed;
    known->second = {.admitted = now};
    return suppressed;
  }
  if (seen_.size() >= max_keys_) make_room(now);
  seen_.emplace(std::string(key), entry{.admitted = now});
  return 0;
}

void repeat_limiter::make_room(time_point now) {
  std::erase_if(seen_, [&](const auto& each) { return open(each.second, now); });
  if (seen_.size() < max_keys_) return;
  seen_.erase(std::min_element(seen_.begin(), seen_.end(), [](const auto& one, const auto& other) {
    return one.second.admitted < other.second.admitted;
  }));
}

}  // namespace platformer::app
