// Schedules that showed a bug once.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/sim/suites.hpp"

namespace platformer::sim {
namespace {

TEST(regressions, hold) {
  std::ifstream file(PLATFORMER_SIM_REGRESSIONS);
  ASSERT_TRUE(file) << PLATFORMER_SIM_REGRESSIONS;
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string name;
    std::string plan;
    schedule how;
    ASSERT_TRUE(words >> name >> plan >> how.seed) << line;
    const scenario* what = find_scenario(name);
    const auto faults = parse_plan(plan);
    ASSERT_TRUE(what != nullptr && faults) << line;
    how.plan = *faults;
    how.wild = how.seed != 0;
    const verdict result = run(*what, how);
    for (const std::string& each : result.violations)
      ADD_FAILURE() << line << "\n    " << each;
    ++count;
  }
  EXPECT_GE(count, 33U);
}

}  // namespace
}  // namespace platformer::sim
