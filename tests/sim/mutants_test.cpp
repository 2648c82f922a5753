// Oracles that can't fail are useless: each deliberate bug has to be caught.
#include "tests/sim/mutants.hpp"

#include <gtest/gtest.h>

#include "tests/sim/suites.hpp"

namespace platformer::sim {
namespace {

constexpr std::uint64_t first_look = 3'000;
constexpr std::uint64_t swarm_size = 20'000;

class every_mutant : public testing::TestWithParam<std::size_t> {
 protected:
  const named_mutant& subject() const {
    static const std::vector<named_mutant> all = all_mutants();
    return all[GetParam()];
  }
};

TEST_P(every_mutant, is_caught) {
  const suite_options options{.bugs = subject().bugs.get(), .stop_after = 1};
  // Some scenarios need no fault to show it. Random schedules find most of the others at once; for what is
  // left every fault is tried, and more random ones.
  tally found;
  for (const scenario& each : scenarios())
    if (found.failed == 0) found.add(each, {}, run(each, {}, *subject().bugs));
  if (found.failed == 0) found = run_swarm(1, first_look, nullptr, options);
  for (const scenario& each : scenarios())
    if (found.failed == 0) found = run_single_faults(each, options);
  if (found.failed == 0) found = run_swarm(1 + first_look, swarm_size, nullptr, options);
  ASSERT_NE(found.failed, 0U) << subject().name << ": an operator that " << subject().about
                              << " is not caught";
  RecordProperty("caught_by", describe(found.findings.front()));
}

INSTANTIATE_TEST_SUITE_P(simulation, every_mutant, testing::Range<std::size_t>(0, all_mutants().size()),
                         [](const auto& of) { return std::string(all_mutants()[of.param].name); });

TEST(the_operator_without_mutants, passes_what_catches_them) {
  for (const scenario& each : scenarios()) {
    const verdict result = run(each, {});
    EXPECT_TRUE(result.violations.empty()) << each.name << ": " << result.violations.front();
  }
}

}  // namespace
}  // namespace platformer::sim
