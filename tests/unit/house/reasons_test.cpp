// Every reason that the reference explains can be met.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/house/sources.hpp"

namespace platformer::test {
namespace {

// The word that follows `prefix` in a line, "" when there is none.
std::string word_after(const std::string& line, const std::string& prefix) {
  const auto at = line.find(prefix);
  if (at == std::string::npos) return "";
  const auto from = at + prefix.size();
  return line.substr(from, line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", from) - from);
}

std::vector<std::string> declared_reasons() {
  std::vector<std::string> found;
  for (const auto& file : sources_in("operator/model")) {
    if (!file.path.ends_with("condition.hpp")) continue;
    for (const auto& line : file.lines)
      if (auto name = word_after(line, "inline constexpr reason_info "); !name.empty()) found.push_back(name);
  }
  return found;
}

bool is_used(const std::string& name) {
  for (const std::string folder : {"controllers", "operator/app"})
    for (const auto& file : sources_in(folder))
      for (std::string line : file.lines)
        for (std::string word; !(word = word_after(line, "reason::")).empty();) {
          if (word == name) return true;
          line.erase(0, line.find("reason::") + word.size());
        }
  return false;
}

TEST(reasons, each_is_given_by_some_code) {
  const auto names = declared_reasons();
  ASSERT_GT(names.size(), 20U) << "the declarations were not recognized";
  for (const auto& name : names)
    EXPECT_TRUE(is_used(name)) << "reason::" << name << " is never given: remove it, or use it";
}

}  // namespace
}  // namespace platformer::test
