// Random scenarios under random faults; the seeds are fixed, so that a failure is a failure everywhere.
#include <gtest/gtest.h>

#include "tests/sim/suites.hpp"

namespace platformer::sim {
namespace {

constexpr std::uint64_t share_size = 12'500;
constexpr std::uint64_t shares = 8;

// CTest runs the shares side by side.
class swarm_share : public testing::TestWithParam<std::uint64_t> {};

TEST_P(swarm_share, holds_everything) {
  const tally all = run_swarm(1 + GetParam() * share_size, share_size);
  for (const finding& each : all.findings)
    ADD_FAILURE() << describe(shrink(each));
  EXPECT_EQ(all.failed, 0U);
  EXPECT_EQ(all.schedules, share_size);
}

INSTANTIATE_TEST_SUITE_P(simulation, swarm_share, testing::Range<std::uint64_t>(0, shares));

TEST(swarm, the_same_seed_is_the_same_schedule) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    finding planned = swarm_schedule(seed);
    planned.how.trace = true;
    const verdict once = run(*planned.what, planned.how);
    const verdict again = run(*planned.what, planned.how);
    ASSERT_EQ(once.transcript, again.transcript) << "seed " << seed;
  }
}

}  // namespace
}  // namespace platformer::sim
