// An optional value that is somewhere else: for what is large and seldom there. Copies copy the value.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace platformer {

template <class T>
class boxed {
 public:
  boxed() = default;
  boxed(std::nullopt_t) {}
  boxed(T value) : held_(std::make_unique<T>(std::move(value))) {}
  boxed(const std::optional<T>& value) : held_(value ? std::make_unique<T>(*value) : nullptr) {}
  boxed(const boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  boxed(boxed&&) noexcept = default;
  boxed& operator=(const boxed& other) { return *this = boxed(other); }
  boxed& operator=(boxed&&) noexcept = default;
  ~boxed() = default;

  explicit operator bool() const { return held_ != nullptr; }
  bool has_value() const { return held_ != nullptr; }
  T& operator*() { return *held_; }
  const T& operator*() const { return *held_; }
  T* operator->() { return held_.get(); }
  const T* operator->() const { return held_.get(); }
  T& emplace() {
    held_ = std::make_unique<T>();
    return *held_;
  }
  void reset() { held_.reset(); }

  friend bool operator==(const boxed& a, const boxed& b) {
    return a.held_ && b.held_ ? *a.held_ == *b.held_ : a.held_ == b.held_;
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace platformer
