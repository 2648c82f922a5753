// What a patch makes of metadata. Only for kube_model*.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "tests/models/kube_model_types.hpp"

namespace platformer::models {

using map_changes = std::map<std::string, std::optional<std::string>, std::less<>>;  // nullopt: remove

void merge_into(string_map& map, const map_changes& changes);

// False when the patch can't be applied: a JSON patch that adds to or removes what is not there.
bool apply(object_meta& meta, const metadata_patch& patch);

}  // namespace platformer::models
