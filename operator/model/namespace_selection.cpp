#include "model/namespace_selection.hpp"

#include <algorithm>

namespace platformer {
namespace {

bool fulfils(const selector_requirement& wanted, const string_map& labels) {
  const auto found = labels.find(wanted.key);
  const bool present = found != labels.end();
  switch (wanted.op) {
    case selector_operator::in:
      return present && wanted.values.contains(found->second);
    case selector_operator::not_in:
      return !present || !wanted.values.contains(found->second);
    case selector_operator::exists:
      return present;
    case selector_operator::does_not_exist:
      return !present;
  }
  return false;
}

bool has_all(const string_map& wanted, const string_map& labels) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& each) {
    const auto found = labels.find(each.first);
    return found != labels.end() && found->second == each.second;
  });
}

}  // namespace

bool selects(const namespace_selection& selection, std::string_view name, const string_map& labels) {
  if (selection.names.contains(name)) return true;
  return selection.by_label() && has_all(selection.match_labels, labels) &&
         std::all_of(selection.match_expressions.begin(), selection.match_expressions.end(),
                     [&](const auto& wanted) { return fulfils(wanted, labels); });
}

}  // namespace platformer
