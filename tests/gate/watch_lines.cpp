#include "tests/gate/watch_lines.hpp"

namespace platformer::test {

std::string watch_lines::pass(std::string piece) {
  if (break_at_ == 0) return piece;
  if (broken_) return {};
  std::string passed;
  std::size_t from = 0;
  while (whole_ + 1 < break_at_) {
    const auto end = piece.find('\n', from);
    if (end == std::string::npos) return piece;
    ++whole_;
    from = end + 1;
  }
  passed = piece.substr(0, from);
  kept_ += piece.substr(from);
  if (const auto end = kept_.find('\n'); end != std::string::npos) {
    passed += kept_.substr(0, end / 2);
    broken_ = true;
  }
  return passed;
}

}  // namespace platformer::test
