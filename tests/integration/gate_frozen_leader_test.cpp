// The leader of two replicas is stopped (SIGSTOP) at each request of an operation, until its lease has run
// out and the other has brought the operation to its end; then it goes on where it was (SIGCONT). It may have
// a token in its hands, a request on its lips, an answer in its ears: it writes nothing, mints nothing, and
// ends.
#include <gtest/gtest.h>

#include "tests/integration/harness/fault_cases.hpp"

namespace platformer::test {
namespace {

class gate_frozen_leader : public fault_cases<gate_frozen_leader> {
 public:
  static std::vector<fault_case> cases() {
    return cases_of({freeze_of_leader(moment::before), freeze_of_leader(moment::after)},
                    {"issue", "renew", "update", "delete", "move"});
  }
  static constexpr const char* label = "gate_frozen_leader";
  static constexpr bool replicas = true;
  static constexpr std::size_t threads = 8;
};

TEST_P(gate_frozen_leader, does_no_harm_when_it_wakes) {
  const std::string wrong = outcome();
  EXPECT_TRUE(wrong.empty()) << wrong;
}

INSTANTIATE_TEST_SUITE_P(every_request, gate_frozen_leader, testing::ValuesIn(gate_frozen_leader::cases()),
                         name_of_case);

}  // namespace
}  // namespace platformer::test
