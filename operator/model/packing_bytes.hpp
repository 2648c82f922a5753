// How numbers and texts are packed. A text's head is twice its length, or of one that most objects hold its
// number twice and one.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace platformer::packing {

// The texts that are packed as their number, sorted. They live as long as the process.
std::span<const std::string_view> known_texts();

class byte_writer {
 public:
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  // LEB128.
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  // Zigzag: small ones of either sign are short.
  void integer(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view value);

  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

class byte_reader {
 public:
  explicit byte_reader(std::string_view in) : in_(in) {}

  std::uint8_t byte() {
    assert(!in_.empty());
    const auto value = static_cast<std::uint8_t>(in_.front());
    in_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    std::uint8_t part = 0x80;
    for (unsigned shift = 0; part >= 0x80; shift += 7) {
      part = byte();
      value |= static_cast<std::uint64_t>(part & 0x7F) << shift;
    }
    return value;
  }
  std::int64_t integer() {
    const std::uint64_t zigzag = number();
    return static_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
  }
  // Refers to the bytes, or lives as long as the process.
  std::string_view text() {
    const std::uint64_t head = number();
    if (head % 2 == 1) return known_texts()[head / 2];
    const std::string_view value = in_.substr(0, head / 2);
    in_.remove_prefix(value.size());
    return value;
  }

 private:
  std::string_view in_;
};

}  // namespace platformer::packing
