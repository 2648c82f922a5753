// Another process's memory, as a debugger or a core dump would have it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace platformer::test {

// How often each of the texts is found in the process's readable memory; nullopt: the kernel does not let us
// look, as this process has no right to trace others.
std::optional<std::vector<std::size_t>> count_in_memory(pid_t process, const std::vector<std::string>& texts);

}  // namespace platformer::test
