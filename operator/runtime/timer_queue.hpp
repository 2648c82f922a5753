// At most one timer a key, the earliest first. Every operation is O(log n). Pure: `now` is an argument.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <tuple>
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

  struct setting {
    time_point at;
    Payload payload;
    std::uint64_t serial;  // of timers at one time, those that were set first come first
  };

  // Sets the key's timer, replacing an earlier setting.
  void set(const Key& key, time_point at, Payload payload) {
    cancel(key);
    const auto place = timers_.emplace(key, setting{at, std::move(payload), next_serial_++}).first;
    order_.insert(&*place);
  }

  bool cancel(const Key& key) {
    const auto found = timers_.find(key);
    if (found == timers_.end()) return false;
    order_.erase(&*found);
    timers_.erase(found);
    return true;
  }

  // The key's timer or null; valid until the next change.
  const setting* find(const Key& key) const {
    const auto found = timers_.find(key);
    return found == timers_.end() ? nullptr : &found->second;
  }

  std::optional<time_point> next() const {
    return order_.empty() ? std::nullopt : std::optional((*order_.begin())->second.at);
  }

  // Takes out the earliest timer that is due; timers of the same time in the order in which they were set.
  std::optional<timer> pop_due(time_point now) {
    if (order_.empty() || (*order_.begin())->second.at > now) return std::nullopt;
    const auto found = timers_.find((*order_.begin())->first);
    order_.erase(order_.begin());
    auto node = timers_.extract(found);
    return timer{node.mapped().at, std::move(node.key()), std::move(node.mapped().payload)};
  }

  std::size_t size() const { return timers_.size(); }

  void clear() {
    order_.clear();
    timers_.clear();
  }

 private:
  using known = std::pair<const Key, setting>;
  struct earlier {
    bool operator()(const known* a, const known* b) const {
      return std::tie(a->second.at, a->second.serial) < std::tie(b->second.at, b->second.serial);
    }
  };
  std::unordered_map<Key, setting, Hash> timers_;
  std::set<const known*, earlier> order_;  // what it points at stays where it is
  std::uint64_t next_serial_ = 0;
};

}  // namespace platformer::runtime
