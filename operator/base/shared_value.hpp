// A value that many read and nearly nobody changes: copies of it share one object.
#pragma once

#include <memory>
#include <utility>

namespace platformer {

template <class T>
class shared_value {
 public:
  shared_value() : held_(blank()) {}
  shared_value(T value) : held_(std::make_shared<const T>(std::move(value))) {}
  // Must not be null. What is shared that way must not be changed by others either.
  shared_value(std::shared_ptr<const T> held) : held_(std::move(held)) {}

  const T& operator*() const { return *held_; }
  const T* operator->() const { return held_.get(); }

  // A copy of its own from now on, to be changed until it is shared again.
  T& own() {
    auto copy = std::make_shared<T>(*held_);
    T& changeable = *copy;
    held_ = std::move(copy);
    return changeable;
  }

 private:
  static const std::shared_ptr<const T>& blank() {
    static const auto shared = std::make_shared<const T>();
    return shared;
  }

  std::shared_ptr<const T> held_;
};

}  // namespace platformer
