// Every fault at every request of every scenario, and every pair of faults.
#include <gtest/gtest.h>

#include "tests/sim/suites.hpp"

namespace platformer::sim {
namespace {

void expect_clean(const tally& all) {
  for (const finding& each : all.findings)
    ADD_FAILURE() << describe(shrink(each));
  EXPECT_EQ(all.failed, 0U);
}

std::string name_of(const testing::TestParamInfo<std::size_t>& info) {
  return std::string(scenarios()[info.param].name);
}

class every_scenario : public testing::TestWithParam<std::size_t> {};

TEST_P(every_scenario, holds_under_each_single_fault) {
  const tally all = run_single_faults(scenarios()[GetParam()]);
  RecordProperty("schedules", static_cast<int>(all.schedules));
  EXPECT_GT(all.schedules, fault_count);
  expect_clean(all);
}

INSTANTIATE_TEST_SUITE_P(simulation, every_scenario, testing::Range<std::size_t>(0, scenarios().size()),
                         name_of);

}  // namespace
}  // namespace platformer::sim
