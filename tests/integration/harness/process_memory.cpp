#include "tests/integration/harness/process_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "tests/support/process.hpp"

namespace platformer::test {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20U;

struct region {
  unsigned long begin = 0;
  unsigned long end = 0;
};

// Readable ones, but for the kernel's own.
std::vector<region> regions_of(const std::string& maps) {
  std::vector<region> found;
  std::istringstream lines(maps);
  for (std::string line; std::getline(lines, line);) {
    const auto dash = line.find('-');
    const auto blank = line.find(' ');
    if (blank == std::string::npos || line[blank + 1] != 'r' || line.find("[v") != std::string::npos)
      continue;
    found.push_back({std::stoul(line.substr(0, dash), nullptr, 16),
                     std::stoul(line.substr(dash + 1, blank - dash - 1), nullptr, 16)});
  }
  return found;
}

std::size_t count(std::string_view in, std::string_view text) {
  std::size_t times = 0;
  for (auto at = in.find(text); at != std::string_view::npos; at = in.find(text, at + 1))
    ++times;
  return times;
}

// Regions are read block by block, each with the end of the one before, so that a text across the border
// counts.
void search(int memory, const region& in, const std::vector<std::string>& texts, std::size_t overlap,
            std::vector<std::size_t>& counts) {
  std::string block;
  for (unsigned long at = in.begin; at < in.end; at += block_bytes) {
    const std::size_t kept = std::min(block.size(), overlap);
    block.erase(0, block.size() - kept);
    block.resize(kept + std::min<std::size_t>(block_bytes, in.end - at));
    const ssize_t got = ::pread(memory, block.data() + kept, block.size() - kept, static_cast<off_t>(at));
    if (got <= 0) return;
    block.resize(kept + static_cast<std::size_t>(got));
    for (std::size_t i = 0; i < texts.size(); ++i)
      counts[i] += count(block, texts[i]) - count(std::string_view(block).substr(0, kept), texts[i]);
  }
}

}  // namespace

std::optional<std::vector<std::size_t>> count_in_memory(pid_t process,
                                                        const std::vector<std::string>& texts) {
  const std::string folder = "/proc/" + std::to_string(process);
  const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return std::nullopt;
  std::size_t longest = 1;
  for (const std::string& each : texts)
    longest = std::max(longest, each.size());
  std::vector<std::size_t> counts(texts.size());
  for (const region& each : regions_of(read_file(folder + "/maps")))
    search(memory, each, texts, longest - 1, counts);
  ::close(memory);
  return counts;
}

}  // namespace platformer::test
