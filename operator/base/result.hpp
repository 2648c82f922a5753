// result<T, E>: expected failure as a value. Exceptions end at a coroutine's entry, never cross a module.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace platformer {

// Why something that a person or a file asked for can't be done. The message says what failed, on which
// object, and what to do; it never holds token bytes.
struct error {
  std::string message;
};

template <class T, class E = error>
using result = tl::expected<T, E>;

inline tl::unexpected<error> fail(std::string message) {
  return tl::unexpected(error{std::move(message)});
}

}  // namespace platformer
