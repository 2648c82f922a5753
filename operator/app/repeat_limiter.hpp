// Lets one of many equal events through in a span of time, and counts the rest. Pure: it is handed the time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace platformer::app {

inline constexpr duration repeat_window = std::chrono::seconds(30);
inline constexpr std::size_t repeat_keys_max = 1024;

class repeat_limiter {
 public:
  explicit repeat_limiter(duration window = repeat_window, std::size_t max_keys = repeat_keys_max)
      : window_(window), max_keys_(max_keys) {}

  // nullopt: the key was let through less than the window ago. Otherwise how many were suppressed since then.
  // A clock that was set back lets through.
  std::optional<std::uint64_t> admit(std::string_view key, time_point now);

  std::size_t size() const { return seen_.size(); }

 private:
  struct entry {
    time_point admitted;
    std::uint64_t suppressed = 0;
  };
  bool open(const entry& known, time_point now) const;
  void make_room(time_point now);

  duration window_;
  std::size_t max_keys_;
  std::map<std::string, entry, std::less<>> seen_;
};

}  // namespace platformer::app
