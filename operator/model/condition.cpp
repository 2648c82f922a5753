#include "model/condition.hpp"

#include <algorithm>

namespace platformer {

const condition* find_condition(const std::vector<condition>& conditions, std::string_view type) {
  const auto found = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const condition& each) { return each.type == type; });
  return found == conditions.end() ? nullptr : &*found;
}

}  // namespace platformer
