#include "base/secret_string.hpp"

#include <string.h>  // explicit_bzero is not in <cstring>

#include <cstring>
#include <utility>

namespace platformer {

void wipe(std::string& bytes) noexcept {
  bytes.resize(bytes.capacity());  // never reallocates; makes the whole capacity writable
  explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

secret_string::secret_string(std::string_view bytes)
    : bytes_(bytes.empty() ? nullptr : new char[bytes.size()]), size_(bytes.size()) {
  if (size_ != 0) std::memcpy(bytes_.get(), bytes.data(), size_);
}

secret_string secret_string::take(std::string&& bytes) {
  secret_string taken{std::string_view(bytes)};
  wipe(bytes);
  return taken;
}

secret_string::secret_string(secret_string&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

secret_string& secret_string::operator=(secret_string&& other) noexcept {
  if (this != &other) {
    if (bytes_) explicit_bzero(bytes_.get(), size_);
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

secret_string::~secret_string() {
  if (bytes_) explicit_bzero(bytes_.get(), size_);
}

bool secret_string::equals(const secret_string& other) const noexcept {
  if (size_ != other.size_) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < size_; ++i)
    difference |= static_cast<unsigned char>(bytes_[i] ^ other.bytes_[i]);
  return difference == 0;
}

}  // namespace platformer
