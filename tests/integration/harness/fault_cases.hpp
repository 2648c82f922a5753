// Value-parameterised tests over operations, requests and faults, run side by side: the first case of a suite
// starts all that the filter selects, each case waits for its own.
//
//   class my_suite : public fault_cases<my_suite> { … cases(), label, threads, replicas … };
//   TEST_P(my_suite, ends_well) { EXPECT_EQ(outcome(), ""); }
//   INSTANTIATE_TEST_SUITE_P(all, my_suite, testing::ValuesIn(cases_of(faults)), name_of_case);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "tests/integration/harness/fault_points.hpp"
#include "tests/integration/harness/shared_tries.hpp"

namespace platformer::test {

struct fault_case {
  std::string operation;
  std::size_t request = 1;  // from 1; 0: no fault at all
  fault with{};
};

void PrintTo(const fault_case& each, std::ostream* out);  // for GoogleTest

// Every request of every operation (of those named) with every one of the faults that make sense for it, in
// that order.
std::vector<fault_case> cases_of(const std::vector<fault>& faults);
std::vector<fault_case> cases_of(const std::vector<fault>& faults, const std::vector<std::string>& names);
// Each operation without a fault.
std::vector<fault_case> fault_free_cases();
std::string outcome_of(gated_scenario& at, std::size_t number, const fault_case& wanted);
// "issue 24, renew 14: 38 points of gate_kill_points" on standard output.
void print_points(const std::string& suite, const std::vector<fault_case>& cases);
std::vector<std::string> names_of_operations();
// "renew_04_cut_after".
std::string name_of_case(const testing::TestParamInfo<fault_case>& each);
// Of the running program's test suites with `suite` in their name: the names of the cases that the filter
// selects, without what is before the last slash.
std::vector<std::string> selected_cases(const std::string& suite);

template <class Suite>
class fault_cases : public testing::TestWithParam<fault_case>, public shared_tries<fault_cases<Suite>> {
  using tries = shared_tries<fault_cases<Suite>>;

 public:
  static void SetUpTestSuite() {
    typename tries::named selected;
    std::vector<fault_case> cases;
    const auto all = cases_by_name();
    // Backwards, as those that have to wait longest for a second try are late in their operation.
    auto names = selected_cases(Suite::label);
    std::ranges::reverse(names);
    for (const std::string& name : names) {
      cases.push_back(all.at(name));
      selected.emplace_back(name, [wanted = all.at(name)](gated_scenario& at, std::size_t number) {
        return test::outcome_of(at, number, wanted);
      });
    }
    print_points(Suite::label, cases);
    tries::run({.label = Suite::label, .replicas = Suite::replicas}, Suite::threads, std::move(selected));
  }
  static void TearDownTestSuite() { tries::finish(); }

 protected:
  // What went wrong in the present case; "": nothing.
  std::string outcome() {
    return tries::outcome_of(name_of_case(testing::TestParamInfo<fault_case>(this->GetParam(), 0)));
  }

 private:
  static std::map<std::string, fault_case> cases_by_name() {
    std::map<std::string, fault_case> all;
    for (const auto& each : Suite::cases())
      all.emplace(name_of_case(testing::TestParamInfo<fault_case>(each, 0)), each);
    return all;
  }
};

}  // namespace platformer::test
