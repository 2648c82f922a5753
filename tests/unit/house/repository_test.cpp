// What no file of the repository may say, and what every header must.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/house/sources.hpp"

namespace platformer::test {
namespace {

TEST(repository, no_file_refers_to_what_lies_outside_it) {
  // Put together here, so that this file isn't the one that is found.
  const std::vector<std::string> outside{std::string("../") + "shared", std::string("/work") + "/"};
  for (const auto& file : repository_files()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const auto& text : outside) {
        EXPECT_EQ(file.lines[i].find(text), std::string::npos)
            << file.path << ":" << i + 1 << " mentions " << text;
      }
    }
  }
}

TEST(repository, every_header_is_guarded) {
  for (const std::string folder : {"operator", "controllers", "tests"}) {
    for (const auto& file : sources_in(folder)) {
      if (!file.path.ends_with(".hpp")) continue;
      EXPECT_TRUE(std::ranges::find(file.lines, "#pragma once") != file.lines.end()) << file.path;
    }
  }
}

TEST(repository, no_test_sleeps) {
  for (const auto& file : sources_in("tests")) {
    if (file.path.starts_with("tests/unit/house/")) continue;
    for (const auto& line : file.lines) {
      for (const std::string call : {"sleep_for", "sleep_until", "usleep("}) {
        EXPECT_EQ(line.find(call), std::string::npos) << file.path << ": " << line;
      }
    }
  }
}

}  // namespace
}  // namespace platformer::test
