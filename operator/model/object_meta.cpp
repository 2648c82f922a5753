#include "model/object_meta.hpp"

#include <algorithm>

namespace platformer {

std::string_view object_meta::annotation(std::string_view key) const {
  const auto found = annotations.find(key);
  return found == annotations.end() ? std::string_view{} : std::string_view(found->second);
}

bool object_meta::has_finalizer(std::string_view finalizer) const {
  return std::find(finalizers.begin(), finalizers.end(), finalizer) != finalizers.end();
}

const owner_reference* object_meta::controller() const {
  const auto found =
      std::find_if(owners.begin(), owners.end(), [](const auto& ref) { return ref.controller; });
  return found == owners.end() ? nullptr : &*found;
}

bool is_newer(std::string_view a, std::string_view b) {
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!is_number(a) || !is_number(b)) return a != b;
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

}  // namespace platformer
