// A case's run on both sides, step by step, and how they compare.
#pragma once

#include <string>
#include <vector>

#include "tests/conformance/console/answers.hpp"
#include "tests/conformance/console/calls.hpp"
#include "tests/conformance/console/side.hpp"

namespace platformer::conformance {

// One step as both sides took it.
struct transcript_line {
  std::string request;
  std::string expected;
  answer model;
  answer emulator;
  std::string model_truth;
  std::string emulator_truth;

  // Both answers are the expected one, what is stored is the same, and so are the words of a refusal where
  // both have some.
  bool agrees() const;
};

// Ends after the first line that does not agree: what follows would be about something else.
std::vector<transcript_line> run(const conformance_case& what, side& model, side& emulator);

// Both sides in two columns, what does not agree marked with "!"; empty when everything agrees.
std::string differences(const std::vector<transcript_line>& lines);

}  // namespace platformer::conformance
