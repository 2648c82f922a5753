// An object in a store: shared as it is, which costs nothing to read, or packed, which takes a fraction of
// the memory and is unpacked for each reader.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace platformer::runtime {

// How T is packed and unpacked; without functions it is kept as it is.
template <class T>
struct packer {
  std::function<std::string(const T&)> pack;
  std::function<T(std::string_view)> unpack;
};

template <class T>
class kept_object {
 public:
  using pointer = std::shared_ptr<const T>;

  kept_object() = default;
  kept_object(pointer object, const packer<T>& with) {
    if (!with.pack) {
      whole_ = std::move(object);
      return;
    }
    const std::string& version = object->meta.resource_version;
    const std::string packed = with.pack(*object);
    version_size_ = static_cast<std::uint32_t>(version.size());
    size_ = static_cast<std::uint32_t>(version.size() + packed.size());
    bytes_ = std::make_unique_for_overwrite<char[]>(size_);
    std::memcpy(bytes_.get(), version.data(), version.size());
    std::memcpy(bytes_.get() + version.size(), packed.data(), packed.size());
  }

  bool empty() const { return !whole_ && !bytes_; }

  // Null when empty. A packed one is another object with every call.
  pointer get(const packer<T>& with) const {
    if (!bytes_) return whole_;
    return std::make_shared<const T>(with.unpack(packed()));
  }

  // What packer::pack gave; empty when it is kept whole.
  std::string_view packed() const {
    return bytes_ ? std::string_view(bytes_.get() + version_size_, size_ - version_size_)
                  : std::string_view();
  }
  // Null when it is packed.
  const T* whole() const { return whole_.get(); }

  // The object's resourceVersion, without unpacking it.
  std::string_view version() const {
    if (bytes_) return {bytes_.get(), version_size_};
    return whole_ ? std::string_view(whole_->meta.resource_version) : std::string_view();
  }

 private:
  pointer whole_;
  std::unique_ptr<char[]> bytes_;
  std::uint32_t size_ = 0;
  std::uint32_t version_size_ = 0;
};

}  // namespace platformer::runtime
