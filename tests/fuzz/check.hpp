// What the fuzz targets share: how an oracle objects, and a supply of decisions from the input's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace platformer::fuzz {

// An oracle's objection: the fuzzer takes it for a crash and keeps the input.
inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "ORACLE: %s\n", what);
  std::abort();
}

// Stands for a secret in inputs (dictionaries know it) and must never come back in a message.
inline constexpr std::string_view canary = "c4n4ry~t0ken";

inline void check_no_canary(std::string_view text, const char* what) {
  check(text.find(canary) == std::string_view::npos, what);
}

// An error says something, in a bounded length, and repeats no secret.
inline void check_message(std::string_view message) {
  check(!message.empty(), "an error has a message");
  check(message.size() <= 8192, "an error's message is bounded");
  check_no_canary(message, "an error's message holds no secret");
}

// Decisions from the input, byte by byte. One that has run out decides for 0, so that short inputs are simple
// cases.
class supply {
 public:
  supply(const std::uint8_t* data, std::size_t size) : bytes_(reinterpret_cast<const char*>(data), size) {}

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const auto next = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return next;
  }
  // 0 … count - 1.
  std::size_t below(std::size_t count) { return byte() % count; }
  bool flag() { return (byte() & 1U) != 0; }
  // True once in `count`, never of an input that has run out.
  bool rarely(std::size_t count) { return below(count) == count - 1; }
  template <class T, std::size_t Count>
  const T& pick(const T (&among)[Count]) {
    return among[below(Count)];
  }
  bool empty() const { return bytes_.empty(); }
  // Up to `most` bytes as they stand.
  std::string_view take(std::size_t most) {
    const auto taken = bytes_.substr(0, most);
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest() { return take(bytes_.size()); }

 private:
  std::string_view bytes_;
};

}  // namespace platformer::fuzz
