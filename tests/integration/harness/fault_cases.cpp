#include "tests/integration/harness/fault_cases.hpp"

#include <ostream>

namespace platformer::test {

void PrintTo(const fault_case& each, std::ostream* out) {
  *out << each.with.name << " at request " << each.request << " of " << each.operation << ", "
       << find_operation(each.operation).requests.at(each.request - 1);
}

std::vector<fault_case> cases_of(const std::vector<fault>& faults) {
  return cases_of(faults, names_of_operations());
}

std::vector<fault_case> cases_of(const std::vector<fault>& faults, const std::vector<std::string>& names) {
  std::vector<fault_case> all;
  for (const std::string& name : names) {
    const operation& each = find_operation(name);
    for (std::size_t request = 1; request <= each.requests.size(); ++request)
      for (const fault& with : faults)
        if (with.for_reads || !is_read(each.requests[request - 1])) all.push_back({each.name, request, with});
  }
  return all;
}

std::vector<std::string> names_of_operations() {
  std::vector<std::string> names;
  for (const operation& each : operations())
    names.push_back(each.name);
  return names;
}

std::string name_of_case(const testing::TestParamInfo<fault_case>& each) {
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
