#include "tests/integration/harness/fault_cases.hpp"

#include <cstdio>
#include <ostream>

namespace platformer::test {

void PrintTo(const fault_case& each, std::ostream* out) {
  if (each.request == 0)
    *out << each.operation << " without a fault";
  else
    *out << each.with.name << " at request " << each.request << " of " << each.operation << ", "
         << request_of(find_operation(each.operation), each.request);
}

std::vector<fault_case> cases_of(const std::vector<fault>& faults) {
  return cases_of(faults, names_of_operations());
}

std::vector<fault_case> cases_of(const std::vector<fault>& faults, const std::vector<std::string>& names) {
  std::vector<fault_case> all;
  for (const std::string& name : names) {
    const operation& each = find_operation(name);
    for (std::size_t request = 1; request <= points_of(each); ++request)
      for (const fault& with : faults)
        if ((with.for_reads || !is_read(request_of(each, request))) &&
            (with.for_beside || !is_beside(each, request)))
          all.push_back({each.name, request, with});
  }
  return all;
}

std::vector<fault_case> fault_free_cases() {
  std::vector<fault_case> all;
  for (const std::string& name : names_of_operations())
    all.push_back({.operation = name, .request = 0});
  return all;
}

std::string outcome_of(gated_scenario& at, std::size_t number, const fault_case& wanted) {
  const operation& done = find_operation(wanted.operation);
  return wanted.request == 0 ? try_without_fault(at, number, done)
                             : try_fault(at, number, done, wanted.request, wanted.with);
}

void print_points(const std::string& suite, const std::vector<fault_case>& cases) {
  std::string text;
  std::size_t points = 0;
  for (const std::string& name : names_of_operations()) {
    const auto of_it = std::ranges::count_if(
        cases, [&](const fault_case& each) { return each.request != 0 && each.operation == name; });
    if (of_it == 0) continue;
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(of_it);
    points += static_cast<std::size_t>(of_it);
  }
  std::printf("%s: %zu points of %s\n", text.c_str(), points, suite.c_str());
  std::fflush(stdout);
}

std::vector<std::string> names_of_operations() {
  std::vector<std::string> names;
  for (const operation& each : operations())
    names.push_back(each.name);
  return names;
}

std::string name_of_case(const testing::TestParamInfo<fault_case>& each) {
  if (each.param.request == 0) return each.param.operation + "_00_no_fault";
  const std::string number = std::to_string(each.param.request);
  return each.param.operation + (number.size() == 1 ? "_0" : "_") + number + "_" + each.param.with.name;
}

std::vector<std::string> selected_cases(const std::string& suite) {
  std::vector<std::string> names;
  const auto& program = *testing::UnitTest::GetInstance();
  for (int i = 0; i < program.total_test_suite_count(); ++i) {
    const auto& each = *program.GetTestSuite(i);
    if (std::string(each.name()).find(suite) == std::string::npos) continue;
    for (int j = 0; j < each.total_test_count(); ++j) {
      const auto& test = *each.GetTestInfo(j);
      const std::string name = test.name();
      if (test.should_run()) names.push_back(name.substr(name.rfind('/') + 1));
    }
  }
  return names;
}

}  // namespace platformer::test
