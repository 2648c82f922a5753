// At most one timer a key, the earliest first. Every operation is O(log n). Pure: `now` is an argument.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"

namespace platformer::runtime {

template <class Key, class Payload, class Hash = std::hash<Key>>
class timer_queue {
 public:
  struct timer {
    time_point at;
    Key key;
    Payload payload;
  };

  // Sets the key's timer, replacing an earlier setting.
  void set(const Key& key, time_point at, Payload payload) {
    cancel(key);
    const auto place = timers_.emplace(at, timer{at, key, std::move(payload)});
    places_.emplace(key, place);
  }

  bool cancel(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    timers_.erase(found->second);
    places_.erase(found);
    return true;
  }

  // The key's timer or null; valid until the next change.
  const timer* find(const Key& key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }

  std::optional<time_point> next() const {
    return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->first);
  }

  // Takes out the earliest timer that is due; timers of the same time in the order in which they were set.
  std::optional<timer> pop_due(time_point now) {
    if (timers_.empty() || timers_.begin()->first > now) return std::nullopt;
    auto node = timers_.extract(timers_.begin());
    places_.erase(node.mapped().key);
    return std::move(node.mapped());
  }

  std::size_t size() const { return timers_.size(); }

  void clear() {
    timers_.clear();
    places_.clear();
  }

 private:
  using ordered = std::multimap<time_point, timer>;
  ordered timers_;
  std::unordered_map<Key, typename ordered::iterator, Hash> places_;
};

}  // namespace platformer::runtime
