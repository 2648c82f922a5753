#include "tests/conformance/console/transcript.hpp"

#include <algorithm>

namespace platformer::conformance {
namespace {

constexpr std::size_t column_width = 56;

bool same_words(const answer& model, const answer& emulator) {
  return model.says.empty() || emulator.says.empty() || model.says == emulator.says;
}

// One row of the two columns.
std::string row(bool same, const std::string& left, const std::string& right) {
  std::string padded = left;
  if (padded.size() < column_width) padded.resize(column_width, ' ');
  return std::string(same ? "    " : "  ! ") + padded + " | " + right + "\n";
}

std::string show(const transcript_line& line, std::size_t number) {
  std::string text = std::to_string(number) + ". " + line.request + "\n";
  const bool as_expected = line.model.text == line.expected && line.emulator.text == line.expected;
  text += row(as_expected, line.model.text, line.emulator.text);
  if (!as_expected) text += "    expected: " + line.expected + "\n";
  if (!same_words(line.model, line.emulator)) text += row(false, line.model.says, line.emulator.says);
  return text + row(line.model_truth == line.emulator_truth, line.model_truth, line.emulator_truth);
}

}  // namespace

bool transcript_line::agrees() const {
  return model.text == expected && emulator.text == expected && same_words(model, emulator) &&
         model_truth == emulator_truth;
}

std::vector<transcript_line> run(const conformance_case& what, side& model, side& emulator) {
  std::vector<transcript_line> lines;
  for (const auto& [made, gives] : what.steps) {
    transcript_line line;
    line.request = describe(made);
    line.expected = gives;
    line.model = model.perform(made);
    line.emulator = emulator.perform(made);
    line.model_truth = model.truth();
    line.emulator_truth = emulator.truth();
    lines.push_back(std::move(line));
    if (!lines.back().agrees()) break;
  }
  return lines;
}

std::string differences(const std::vector<transcript_line>& lines) {
  if (std::ranges::all_of(lines, &transcript_line::agrees)) return {};
  std::string text = row(true, "console_model", "emulator");
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += show(lines[i], i + 1);
  return text;
}

}  // namespace platformer::conformance
