#include "app/process_metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace platformer::app {
namespace {

std::string contents(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The fields of /proc/self/stat from the third on (proc(5)). The second, the program's name in brackets, may
// hold blanks and brackets itself.
std::vector<std::string> stat_fields() {
  const std::string line = contents("/proc/self/stat");
  const auto bracket = line.rfind(')');
  if (bracket == std::string::npos) return {};
  std::istringstream rest(line.substr(bracket + 1));
  return {std::istream_iterator<std::string>(rest), std::istream_iterator<std::string>()};
}

constexpr std::size_t first_field = 3;

double number(const std::vector<std::string>& fields, std::size_t field) {
  return std::strtod(fields[field - first_field].c_str(), nullptr);
}

// When the system was started, in seconds since the epoch.
std::optional<double> boot_time() {
  const std::string text = contents("/proc/stat");
  const auto at = text.find("\nbtime ");
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(text.c_str() + at + 7, nullptr);
}

std::optional<double> open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return std::nullopt;
  double count = 0;
  while (const dirent* each = ::readdir(folder.get()))
    if (each->d_name[0] != '.') ++count;
  return count - 1;  // without the folder's own
}

}  // namespace

std::optional<process_numbers> read_process_numbers() {
  constexpr std::size_t utime = 14, stime = 15, starttime = 22, vsize = 23, rss = 24;
  const auto fields = stat_fields();
  const auto boot = boot_time();
  const auto descriptors = open_descriptors();
  rlimit limit{};
  if (fields.size() <= rss - first_field || !boot || !descriptors || ::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return std::nullopt;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return process_numbers{.cpu_seconds = (number(fields, utime) + number(fields, stime)) / ticks,
                         .start_time = *boot + number(fields, starttime) / ticks,
                         .resident_bytes = number(fields, rss) * static_cast<double>(::sysconf(_SC_PAGESIZE)),
                         .virtual_bytes = number(fields, vsize),
                         .open_descriptors = *descriptors,
                         .max_descriptors = static_cast<double>(limit.rlim_cur)};
}

}  // namespace platformer::app
