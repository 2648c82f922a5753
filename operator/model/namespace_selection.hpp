// The namespaces that a ClusterConsoleConnection serves: by name, by label, or both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/object_meta.hpp"

namespace platformer {

enum class selector_operator : std::uint8_t { in, not_in, exists, does_not_exist };

// One entry of matchExpressions (source: metav1.LabelSelectorRequirement).
struct selector_requirement {
  std::string key;
  selector_operator op = selector_operator::exists;
  string_set values;  // of in and not_in only
  bool operator==(const selector_requirement&) const = default;
};

struct namespace_selection {
  string_set names;
  string_map match_labels;
  std::vector<selector_requirement> match_expressions;
  bool operator==(const namespace_selection&) const = default;

  // Whether labels decide anything, so that namespaces have to be watched.
  bool by_label() const { return !match_labels.empty() || !match_expressions.empty(); }
};

// Selected is what is named or what fulfils the whole selector. Otherwise than in Kubernetes' own selectors,
// an empty one selects nothing: who says nothing allows nothing.
bool selects(const namespace_selection& selection, std::string_view name, const string_map& labels);

}  // namespace platformer
