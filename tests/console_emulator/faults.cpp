#include "tests/console_emulator/faults.hpp"

namespace platformer::emulator {

std::optional<fault> fault_list::take(std::string_view operation) {
  for (auto it = faults_.begin(); it != faults_.end(); ++it) {
    if (it->operation != "*" && it->operation != operation) continue;
    if (it->skip > 0) {
      --it->skip;
      continue;
    }
    fault hit = *it;
    if (--it->count == 0) faults_.erase(it);
    return hit;
  }
  return std::nullopt;
}

}  // namespace platformer::emulator
