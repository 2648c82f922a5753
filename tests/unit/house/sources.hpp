// The repository's own files, as the tests of the house rules read them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace platformer::test {

struct source_file {
  std::string path;  // relative to the repository
  std::vector<std::string> lines;
};

// All .hpp and .cpp files under a folder of the repository ("operator/base"); none when it doesn't exist.
std::vector<source_file> sources_in(std::string_view folder);

// All text files of the repository, build folders and .git apart.
std::vector<source_file> repository_files();

struct include_line {
  std::string file;    // the including file
  std::string header;  // as written between the quotes or brackets
};
std::vector<include_line> includes_in(std::string_view folder);

// Which of our folders a header is from ("operator/base", "controllers", "tests/models"); "" when it isn't
// ours.
std::string folder_of_header(std::string_view header);

}  // namespace platformer::test
