#include "tests/gate/journal.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace platformer::test {

std::string passage::text() const {
  std::array<char, 64> start{};
  std::snprintf(start.data(), start.size(), "%4llu %8.3f s  ", static_cast<unsigned long long>(number),
                static_cast<double>(at.count()) / 1000);
  std::string line = start.data() + server + "  " + method + " " + path;
  if (dry_run)
    line += " (dry run)";
  else if (!query.empty())
    line += "?" + query;
  line += " -> " + (status == 0 ? std::string("-") : std::to_string(status));
  return fate.empty() ? line : line + ", " + fate;
}

passage journal::add(passage arrived) {
  const std::scoped_lock lock(mutex_);
  arrived.number = passed_.size() + 1;
  arrived.at =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
  passed_.push_back(arrived);
  return arrived;
}

void journal::set_status(std::uint64_t number, int status) {
  const std::scoped_lock lock(mutex_);
  passed_.at(number - 1).status = status;
}

void journal::add_fate(std::uint64_t number, const std::string& fate, bool by_rule) {
  const std::scoped_lock lock(mutex_);
  passage& of = passed_.at(number - 1);
  of.fate += (of.fate.empty() ? "" : ", ") + fate;
  of.by_rule = of.by_rule || by_rule;
}

std::vector<passage> journal::since(std::uint64_t number) const {
  const std::scoped_lock lock(mutex_);
  const auto skipped = std::min<std::uint64_t>(number, passed_.size());
  return {passed_.begin() + static_cast<std::ptrdiff_t>(skipped), passed_.end()};
}

std::uint64_t journal::last() const {
  const std::scoped_lock lock(mutex_);
  return passed_.size();
}

std::string journal::text(std::uint64_t first, std::uint64_t last) const {
  std::string lines;
  for (const passage& each : all())
    if (each.number >= first && each.number <= last) lines += each.text() + "\n";
  return lines;
}

std::string journal::around_the_fault(std::uint64_t lines_each_side) const {
  const auto passed = all();
  const auto fault =
      std::find_if(passed.rbegin(), passed.rend(), [](const passage& each) { return each.by_rule; });
  const std::uint64_t middle = fault == passed.rend() ? passed.size() : fault->number;
  return text(middle - std::min(middle, lines_each_side), middle + lines_each_side);
}

}  // namespace platformer::test
