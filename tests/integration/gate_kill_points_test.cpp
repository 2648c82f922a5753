// SIGKILL at every request that an operation takes, before the server sees it and after it has answered.
// Whatever the moment, the operator that is started next brings everything to a good end: one account, a live
// token in the Secret, nobody else touched, and then silence.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/integration/harness/fault_cases.hpp"

namespace platformer::test {
namespace {

std::vector<fault> kills() {
  return {kill_of_operator(moment::before), kill_of_operator(moment::after)};
}

class gate_kill_points : public fault_cases<gate_kill_points> {
 public:
  static std::vector<fault_case> cases() { return cases_of(kills()); }
  static constexpr const char* label = "gate_kill_points";
  static constexpr bool replicas = false;
  static constexpr std::size_t threads = 8;
};

TEST_P(gate_kill_points, ends_well) {
  const std::string wrong = outcome();
  EXPECT_TRUE(wrong.empty()) << wrong;
}

INSTANTIATE_TEST_SUITE_P(every_request, gate_kill_points, testing::ValuesIn(cases_of(kills())), name_of_case);

class gate_fault_free : public testing::TestWithParam<std::string> {};

TEST_P(gate_fault_free, takes_the_documented_requests_and_no_other) {
  const operation& done = find_operation(GetParam());
  gated_scenario at;
  const std::string wrong = try_without_fault(at, 0, done);
  EXPECT_TRUE(wrong.empty()) << wrong;
  std::printf("%s: %zu requests, %zu kill points\n", done.name.c_str(), done.requests.size(),
              2 * done.requests.size());
}

INSTANTIATE_TEST_SUITE_P(every_operation, gate_fault_free, testing::ValuesIn(names_of_operations()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace platformer::test
