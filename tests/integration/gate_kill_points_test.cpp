// SIGKILL at every request that an operation takes, before the server sees it and after it has answered.
// Whatever the moment, the operator that is started next brings everything to a good end: one account, a live
// token in the Secret, nobody else touched, and then silence.
#include <gtest/gtest.h>

#include "tests/integration/harness/fault_cases.hpp"

namespace platformer::test {
namespace {

std::vector<fault_case> kills() {
  auto all = cases_of({kill_of_operator(moment::before), kill_of_operator(moment::after)});
  // That no request escapes: without a fault, an operation takes the documented ones and no other.
  for (auto& each : fault_free_cases())
    all.push_back(std::move(each));
  return all;
}

class gate_kill_points : public fault_cases<gate_kill_points> {
 public:
  static std::vector<fault_case> cases() { return kills(); }
  static constexpr const char* label = "gate_kill_points";
  static constexpr bool replicas = false;
  static constexpr std::size_t threads = 12;
};

TEST_P(gate_kill_points, ends_well) {
  const std::string wrong = outcome();
  EXPECT_TRUE(wrong.empty()) << wrong;
}

INSTANTIATE_TEST_SUITE_P(every_request, gate_kill_points, testing::ValuesIn(kills()), name_of_case);

}  // namespace
}  // namespace platformer::test
