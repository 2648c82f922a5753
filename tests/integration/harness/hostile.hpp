// What tests with hostile servers, tenants and neighbours ask of the operator, whatever was done to it: that
// it is the same process still, serves others, has not grown, and shows no secret.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <string>

#include "tests/integration/harness/gated_scenario.hpp"

namespace platformer::test {

// The most memory that a process has had at once so far (VmHWM), in bytes.
std::size_t peak_memory(pid_t process);
// No answer of a server may cost more than that, in bytes. The largest that is read at once is a watch event
// of 4 MiB, as bytes and as JSON.
inline constexpr std::size_t growth_limit = std::size_t{48} << 20U;

// The operator still is the process that it was at the start, makes a new object Ready, and has harmed
// nobody.
testing::AssertionResult goes_on(gated_scenario& at);

// Any 16 bytes of it in a row would be too much.
bool holds_part_of(const std::string& text, const std::string& secret);
// All that can be read in the namespace without reading a Secret's data, by the place where it is: as YAML
// and as people see it, and the operator's log and metrics.
std::map<std::string, std::string> everything_visible(scenario& it, operator_process& of);

// So much zeros, compressed by gzip.
std::string compressed_zeros(std::size_t bytes);

}  // namespace platformer::test
