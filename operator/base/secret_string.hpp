// secret_string: bytes in memory of their own (secret_memory.hpp), wiped when they are no longer needed. It
// has no formatter, no stream operator and no comparison that leaks timing, so that a token can't reach a log
// line by accident.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace platformer {

// Overwrites the bytes (capacity included) in a way that the optimizer keeps, then empties the string.
void wipe(std::string& bytes) noexcept;

class secret_string {
 public:
  secret_string() = default;
  // Copies the bytes; the caller still owns (and wipes) the source.
  explicit secret_string(std::string_view bytes);
  // Takes the bytes and wipes what the move leaves behind.
  static secret_string take(std::string&& bytes);

  secret_string(const secret_string&) = delete;
  secret_string& operator=(const secret_string&) = delete;
  secret_string(secret_string&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  secret_string& operator=(secret_string&& other) noexcept;
  ~secret_string();

  // The one way to the bytes: greppable, and only to be handed to a request body, a header or a hash.
  std::string_view reveal() const noexcept { return {bytes_, size_}; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // Constant time for equal lengths.
  bool equals(const secret_string& other) const noexcept;

 private:
  char* bytes_ = nullptr;  // from secret_memory, when there are any
  std::size_t size_ = 0;
};

template <class Stream>
Stream& operator<<(Stream&, const secret_string&) = delete;

// Shared so that the state of a reconcile stays copyable; the last owner's release wipes the bytes.
using token_handle = std::shared_ptr<const secret_string>;

}  // namespace platformer
