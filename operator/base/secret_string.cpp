#include "base/secret_string.hpp"

#include <string.h>  // explicit_bzero is not in <cstring>

#include <cstring>
#include <utility>

#include "base/secret_memory.hpp"

namespace platformer {

void wipe(std::string& bytes) noexcept {
  bytes.resize(bytes.capacity());  // never reallocates; makes the whole capacity writable
  explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

secret_string::secret_string(std::string_view bytes)
    : bytes_(bytes.empty() ? nullptr : secret_memory::take(bytes.size())), size_(bytes.size()) {
  if (size_ != 0) std::memcpy(bytes_, bytes.data(), size_);
}

secret_string secret_string::take(std::string&& bytes) {
  secret_string taken{std::string_view(bytes)};
  wipe(bytes);
  return taken;
}

secret_string& secret_string::operator=(secret_string&& other) noexcept {
  secret_string taken(std::move(other));
  std::swap(bytes_, taken.bytes_);
  std::swap(size_, taken.size_);
  return *this;
}

secret_string::~secret_string() {
  if (bytes_ != nullptr) secret_memory::give_back(bytes_, size_);
}

bool secret_string::equals(const secret_string& other) const noexcept {
  if (size_ != other.size_) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < size_; ++i)
    difference |= static_cast<unsigned char>(bytes_[i] ^ other.bytes_[i]);
  return difference == 0;
}

}  // namespace platformer
