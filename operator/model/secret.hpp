// Secrets: metadata as the cache holds it, contents as they are read one at a time, and the one kind of
// write.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/secret_string.hpp"
#include "model/object_meta.hpp"

namespace platformer {

// A PartialObjectMetadata of a Secret.
struct secret_meta {
  object_meta meta;
};

// One value of a Secret, with its fingerprint so that pure code can compare without hashing.
struct secret_entry {
  token_handle value;
  std::string fingerprint;  // "sha256:" and 12 hex digits
};

struct secret_content {
  object_meta meta;
  std::string type;
  bool immutable = false;
  std::map<std::string, secret_entry, std::less<>> data;
};

// Create (resource_version empty) or change a Secret. A change is a merge patch with resourceVersion and uid
// as preconditions; keys, labels and annotations that are not named stay as they are.
struct secret_write {
  object_key key;
  std::string uid;
  std::string resource_version;
  std::map<std::string, token_handle, std::less<>> data;                       // null handle: remove the key
  std::map<std::string, std::optional<std::string>, std::less<>> labels;       // nullopt: remove
  std::map<std::string, std::optional<std::string>, std::less<>> annotations;  // nullopt: remove
  std::optional<std::vector<owner_reference>> owners;  // the whole list; nullopt: as it is
  std::string type = "Opaque";                         // of a Secret that is created; never changed later
  bool creates() const { return resource_version.empty(); }
};

}  // namespace platformer
