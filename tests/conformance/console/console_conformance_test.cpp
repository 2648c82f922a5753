// Every case on console_model and on the emulator's program, behind the operator's own client.
#include <gtest/gtest.h>

#include <set>

#include "tests/conformance/console/cases.hpp"
#include "tests/conformance/console/transcript.hpp"

namespace platformer::conformance {

void PrintTo(const conformance_case& it, std::ostream* out) {
  *out << it.name;
}

namespace {

class console_conformance : public testing::TestWithParam<conformance_case> {};

TEST_P(console_conformance, both_sides_answer_alike) {
  const auto model = make_model_side();
  const auto emulator = make_emulator_side(EMULATOR_PROGRAM);
  const auto lines = run(GetParam(), *model, *emulator);
  const auto different = differences(lines);
  EXPECT_TRUE(different.empty()) << GetParam().name << "\n" << different;
}

INSTANTIATE_TEST_SUITE_P(cases, console_conformance, testing::ValuesIn(all_cases()),
                         [](const auto& each) { return each.param.name; });

// ---- the comparison itself

transcript_line agreeing_line() {
  return {.request = "renew #1",
          .expected = "made #1 t2",
          .model = {.text = "made #1 t2", .says = ""},
          .emulator = {.text = "made #1 t2", .says = ""},
          .model_truth = "#1 ci, t2, 2 issued",
          .emulator_truth = "#1 ci, t2, 2 issued"};
}

TEST(console_conformance_report, sides_that_agree_need_no_report) {
  EXPECT_EQ(differences({agreeing_line()}), "");
}

TEST(console_conformance_report, another_answer_stands_next_to_the_expected_one) {
  auto line = agreeing_line();
  line.emulator.text = "401 unauthorized";
  const auto report = differences({agreeing_line(), line});
  EXPECT_NE(report.find("! made #1 t2 "), std::string::npos) << report;
  EXPECT_NE(report.find("| 401 unauthorized"), std::string::npos) << report;
  EXPECT_NE(report.find("expected: made #1 t2"), std::string::npos) << report;
}

TEST(console_conformance_report, answers_that_agree_on_the_wrong_thing_are_reported) {
  auto line = agreeing_line();
  line.expected = "403 forbidden";
  EXPECT_NE(differences({line}), "");
}

TEST(console_conformance_report, equal_answers_about_different_states_are_reported) {
  auto line = agreeing_line();
  line.emulator_truth = "#1 ci, a token that nobody has, 3 issued";
  EXPECT_NE(differences({line}), "");
}

TEST(console_conformance_report, a_refusal_in_other_words_is_reported) {
  auto line = agreeing_line();
  line.model.says = "name is required";
  EXPECT_EQ(differences({line}), "") << "one side has none";
  line.emulator.says = "no";
  EXPECT_NE(differences({line}), "");
}

TEST(console_conformance_report, names_of_cases_are_unique) {
  std::set<std::string> names;
  for (const auto& each : all_cases())
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
}

}  // namespace
}  // namespace platformer::conformance
