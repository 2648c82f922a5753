// The same requests, and the operator lives: connections break before and after the server has answered,
// replies are replaced, refused or withheld. It ends as well as if nothing had been, and costs one token more
// exactly where one was lost with its reply.
#include <gtest/gtest.h>

#include "tests/integration/harness/fault_cases.hpp"

namespace platformer::test {
namespace {

std::vector<fault> losses() {
  return {cut_connection(moment::before),
          cut_connection(moment::after),
          reply_replaced_by_500(),
          rate_limited(),
          held_beyond_deadline(moment::before),
          held_beyond_deadline(moment::after)};
}

class gate_lost_replies : public fault_cases<gate_lost_replies> {
 public:
  static std::vector<fault_case> cases() { return cases_of(losses()); }
  static constexpr const char* label = "gate_lost_replies";
  static constexpr bool replicas = false;
  static constexpr std::size_t threads = 12;
};

TEST_P(gate_lost_replies, end_well) {
  const std::string wrong = outcome();
  EXPECT_TRUE(wrong.empty()) << wrong;
}

INSTANTIATE_TEST_SUITE_P(every_request, gate_lost_replies, testing::ValuesIn(cases_of(losses())),
                         name_of_case);

}  // namespace
}  // namespace platformer::test
