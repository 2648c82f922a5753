// Names as an administrator allows them: exactly, or all that begin alike.
#pragma once

#include <string_view>

#include "model/object_meta.hpp"

namespace platformer {

// Names. One that ends in `*` stands for every name that begins with what is before it; `*` alone for all. A
// star elsewhere is an ordinary character.
using pattern_set = string_set;

bool matches(std::string_view pattern, std::string_view name);

// Whether one of them matches; false for an empty set.
bool matches(const pattern_set& patterns, std::string_view name);

// As a ceiling: an empty set sets no limit.
inline bool within(const pattern_set& limit, std::string_view name) {
  return limit.empty() || matches(limit, name);
}

}  // namespace platformer
