// A small object for tests of the store.
#pragma once

#include <string>
#include <utility>

#include "runtime/store.hpp"

namespace platformer::runtime::test {

struct item {
  object_meta meta;
  index_terms tags;
};

inline item make(std::string name, std::string version, std::string uid = "uid", index_terms tags = {},
                 std::string ns = "ns") {
  item made;
  made.meta.name = std::move(name);
  made.meta.ns = std::move(ns);
  made.meta.uid = std::move(uid);
  made.meta.resource_version = std::move(version);
  made.tags = std::move(tags);
  return made;
}

inline index_terms tags_of(const item& each) {
  return each.tags;
}

// "updated ns/a@1->2"
inline std::string tell(const store_change<item>& change) {
  const auto version = [](const auto& each) { return each->meta.resource_version; };
  switch (change.kind) {
    case change_kind::added:
      return "added " + change.key.to_string() + "@" + version(change.after);
    case change_kind::updated:
      return "updated " + change.key.to_string() + "@" + version(change.before) + "->" +
             version(change.after);
    case change_kind::deleted:
      return "deleted " + change.key.to_string() + "@" + version(change.before);
  }
  return "?";
}

}  // namespace platformer::runtime::test
