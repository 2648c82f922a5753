#include "tests/unit/house/sources.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace platformer::test {
namespace {

namespace fs = std::filesystem;

const fs::path root = PLATFORMER_SOURCE_DIR;

source_file read(const fs::path& path) {
  source_file file{.path = fs::relative(path, root).string(), .lines = {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);)
    file.lines.push_back(line);
  return file;
}

bool has_extension(const fs::path& path, std::initializer_list<std::string_view> extensions) {
  return std::ranges::find(extensions, path.extension().string()) != extensions.end();
}

}  // namespace

std::vector<source_file> sources_in(std::string_view folder) {
  std::vector<source_file> found;
  if (!fs::exists(root / folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    if (has_extension(entry.path(), {".hpp", ".cpp", ".in"})) found.push_back(read(entry.path()));
  }
  return found;
}

std::vector<source_file> repository_files() {
  constexpr std::array skipped{".git", "build", ".cache", ".venv", "__pycache__", "node_modules"};
  std::vector<source_file> found;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory() && std::ranges::find(skipped, name) != skipped.end()) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file() && it->file_size() < 1'000'000 && name != "go.sum") {
      found.push_back(read(it->path()));
    }
  }
  return found;
}

std::vector<include_line> includes_in(std::string_view folder) {
  std::vector<include_line> found;
  for (const auto& file : sources_in(folder)) {
    for (const auto& line : file.lines) {
      const auto hash = line.find_first_not_of(" \t");
      if (hash == std::string::npos || line[hash] != '#') continue;
      const auto word = line.find_first_not_of(" \t", hash + 1);
      if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
      const auto open = line.find_first_of("<\"", word);
      if (open == std::string::npos) continue;
      const auto close = line.find_first_of(">\"", open + 1);
      if (close == std::string::npos) continue;
      found.push_back({file.path, line.substr(open + 1, close - open - 1)});
    }
  }
  return found;
}

std::string folder_of_header(std::string_view header) {
  // Include roots are operator/ and the repository.
  constexpr std::array folders{"base", "model", "runtime", "net", "kube", "console", "app"};
  const std::string first(header.substr(0, header.find('/')));
  if (header.find('/') == std::string_view::npos) return "";
  if (std::ranges::find(folders, first) != folders.end()) return "operator/" + first;
  if (first == "operator" || first == "tests") {
    const auto second = header.find('/', first.size() + 1);
    return std::string(header.substr(0, second));
  }
  return first == "controllers" ? first : "";
}

}  // namespace platformer::test
