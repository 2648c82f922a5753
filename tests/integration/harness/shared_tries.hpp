// What the cases of a value-parameterised suite share: their tries, which run side by side. The first case
// starts all that the filter selects, each case waits for its own.
//
//   class my_suite : public testing::TestWithParam<my_case>, public shared_tries<my_suite> {
//     static void SetUpTestSuite() { run({.label = "my_suite"}, 8, {{"a_case", try_a}, …}); }
//     static void TearDownTestSuite() { finish(); }
//   };
//   TEST_P(my_suite, ends_well) { EXPECT_EQ(outcome_of("a_case"), ""); }
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/harness/side_by_side.hpp"

namespace platformer::test {

template <class Suite>
class shared_tries {
 public:
  using named = std::vector<std::pair<std::string, side_by_side::attempt>>;  // by the names of the cases

 protected:
  // In that order. The tries begin at once.
  static void run(const gated_options& of_each, std::size_t threads, named tries) {
    std::vector<side_by_side::attempt> attempts;
    for (auto& [name, attempt] : tries) {
      places()[name] = attempts.size();
      attempts.push_back(std::move(attempt));
    }
    running() = std::make_unique<side_by_side>(of_each, threads, std::move(attempts));
  }
  static void finish() { running().reset(); }  // waits for all
  // What went wrong in that case; "": nothing. Once for each.
  static std::string outcome_of(const std::string& name) { return running()->outcome_of(places().at(name)); }

 private:
  static std::map<std::string, std::size_t>& places() {
    static std::map<std::string, std::size_t> of;
    return of;
  }
  static std::unique_ptr<side_by_side>& running() {
    static std::unique_ptr<side_by_side> of;
    return of;
  }
};

}  // namespace platformer::test
