// Inside gate only: counts the events of a watch (one a line) and stops in the middle of the one where it is
// to break.
#pragma once

#include <cstddef>
#include <string>

namespace platformer::test {

class watch_lines {
 public:
  // `break_at` is the number of an event, from 1; 0: none.
  explicit watch_lines(std::size_t break_at) : break_at_(break_at) {}

  // What of the next piece may be passed on. The line that is to be broken is kept back until it is whole, so
  // that half of it is half, however the bytes came.
  std::string pass(std::string piece);
  bool is_broken() const { return broken_; }

 private:
  std::size_t break_at_;
  std::size_t whole_ = 0;  // events passed on
  std::string kept_;       // of the event that is to be broken
  bool broken_ = false;
};

}  // namespace platformer::test
