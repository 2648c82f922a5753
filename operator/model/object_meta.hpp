// Kubernetes object metadata, as far as the operator reads it (source: metav1.ObjectMeta).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace platformer {

using string_map = std::map<std::string, std::string, std::less<>>;
using string_set = std::set<std::string, std::less<>>;

struct owner_reference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  bool controller = false;
  bool block_owner_deletion = false;
  bool operator==(const owner_reference&) const = default;
};

struct object_meta {
  std::string name;
  std::string ns;  // empty for cluster-scoped kinds
  std::string uid;
  std::string resource_version;  // opaque, except for is_newer
  std::int64_t generation = 0;
  time_point created{};
  std::optional<time_point> deleted;  // deletionTimestamp: finalizers hold the object
  string_map labels;
  string_map annotations;
  std::vector<std::string> finalizers;
  std::vector<owner_reference> owners;
  bool operator==(const object_meta&) const = default;

  // The annotation's value, or "" when absent.
  std::string_view annotation(std::string_view key) const;
  bool has_finalizer(std::string_view finalizer) const;
  // The reference with controller: true, if any.
  const owner_reference* controller() const;
};

struct object_key {
  std::string ns;
  std::string name;
  auto operator<=>(const object_key&) const = default;
  std::string to_string() const { return ns.empty() ? name : ns + "/" + name; }
};

inline object_key key_of(const object_meta& meta) {
  return {meta.ns, meta.name};
}

// Whether version `a` is later than `b`. Versions of one resource are comparable as decimal integers
// (KEP-5504); anything else counts as newer, so that an unknown format never hides a change.
bool is_newer(std::string_view a, std::string_view b);

}  // namespace platformer

template <>
struct std::hash<platformer::object_key> {
  std::size_t operator()(const platformer::object_key& key) const noexcept {
    const std::size_t ns = std::hash<std::string>{}(key.ns);
    return ns ^ (std::hash<std::string>{}(key.name) + 0x9e3779b97f4a7c15ULL + (ns << 6) + (ns >> 2));
  }
};
