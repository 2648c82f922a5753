#include "tests/conformance/console/cases.hpp"

#include <iterator>

namespace platformer::conformance {

std::vector<conformance_case> all_cases() {
  std::vector<conformance_case> all;
  for (auto* const group : {account_cases, token_cases, access_cases, scope_cases, list_cases, shape_cases,
                            hand_cases, fault_cases}) {
    auto cases = group();
    all.insert(all.end(), std::make_move_iterator(cases.begin()), std::make_move_iterator(cases.end()));
  }
  return all;
}

}  // namespace platformer::conformance
