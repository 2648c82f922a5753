#include "tests/models/kube_model_patch.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace platformer::models {
namespace {

// A JSON patch adds to and removes from what is there: without a map there is nothing to add to.
bool add_and_remove(string_map& map, const map_changes& changes) {
  if (changes.empty()) return true;
  if (map.empty()) return false;
  for (const auto& [key, value] : changes)
    if (!value && map.find(key) == map.end()) return false;
  merge_into(map, changes);
  return true;
}

// A strategic merge of lists: the patch's items in its order, and between them, as far as the stored order
// says so, those that only the server has.
template <class T, class Same>
std::vector<T> unite(const std::vector<T>& stored, const std::vector<T>& patch, Same same) {
  const auto rank = [&](const T& item) {
    return std::find_if(stored.begin(), stored.end(), [&](const T& each) { return same(each, item); });
  };
  std::vector<T> united;
  auto wanted = patch.begin();
  for (auto each = stored.begin(); each != stored.end(); ++each) {
    if (std::any_of(patch.begin(), patch.end(), [&](const T& item) { return same(item, *each); })) continue;
    while (wanted != patch.end() && !(rank(*wanted) != stored.end() && each < rank(*wanted)))
      united.push_back(*wanted++);
    united.push_back(*each);
  }
  united.insert(united.end(), wanted, patch.end());
  return united;
}

void unite(object_meta& meta, const metadata_patch& patch) {
  if (patch.finalizers) meta.finalizers = unite(meta.finalizers, *patch.finalizers, std::equal_to<>());
  if (patch.owners)
    meta.owners =
        unite(meta.owners, *patch.owners, [](const auto& a, const auto& b) { return a.uid == b.uid; });
}

}  // namespace

void merge_into(string_map& map, const map_changes& changes) {
  for (const auto& [key, value] : changes) {
    if (value)
      map.insert_or_assign(key, *value);
    else
      map.erase(key);
  }
}

bool apply(object_meta& meta, const metadata_patch& patch) {
  if (patch.kind == patch_kind::strategic) {
    unite(meta, patch);
  } else {
    if (patch.finalizers) meta.finalizers = *patch.finalizers;
    if (patch.owners) meta.owners = *patch.owners;
  }
  if (patch.kind == patch_kind::json)
    return add_and_remove(meta.labels, patch.labels) && add_and_remove(meta.annotations, patch.annotations);
  merge_into(meta.labels, patch.labels);
  merge_into(meta.annotations, patch.annotations);
  return true;
}

}  // namespace platformer::models
