// A small object for tests of the store.
#pragma once

#include <string>
#include <utility>

#include "model/packing.hpp"
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

// As the caches of the program keep objects: the tags, each ended by a line feed, an empty line, the
// metadata.
inline packer<item> packed() {
  return {[](const item& each) {
            std::string bytes;
            for (const std::string& tag : each.tags)
              bytes += tag + '\n';
            return bytes + '\n' + pack(each.meta);
          },
          [](std::string_view bytes) {
            item each;
            for (std::size_t end = bytes.find('\n'); end != 0; end = bytes.find('\n')) {
              each.tags.emplace(bytes.substr(0, end));
              bytes.remove_prefix(end + 1);
            }
            each.meta = unpack_meta(bytes.substr(1));
            return each;
          }};
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
