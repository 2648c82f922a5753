// Faults that a test orders on the admin port: each belongs to an operation (or all, "*") and is used up by
// count.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace platformer::emulator {

// When, seen from the change that the call makes, the connection breaks or falls silent.
enum class fault_moment : std::uint8_t {
  never,
  before,        // nothing was changed
  after_commit,  // the change was made, no byte of the reply is sent
  mid_reply,     // the change was made, half of the reply is sent (cut only)
};

struct fault {
  std::string operation = "*";      // operationId of openapi.yaml, or "*"
  std::uint64_t count = 1;          // how many calls it hits
  std::uint64_t skip = 0;           // how many matching calls pass first
  duration latency{};               // before anything else
  int status = 0;                   // answered in place of the real reply; 0: the real one
  std::string retry_after;          // header Retry-After: seconds or an HTTP date
  std::optional<std::string> body;  // sent in place of the real body
  bool commit = false;              // the change is made although `status` says otherwise
  fault_moment cut = fault_moment::never;
  fault_moment hang = fault_moment::never;

  // Whether the call is carried out.
  bool carries_out() const {
    if (cut == fault_moment::before || hang == fault_moment::before) return false;
    if (cut != fault_moment::never || hang != fault_moment::never) return true;
    return status == 0 || commit;
  }
};

class fault_list {
 public:
  void add(fault ordered) { faults_.push_back(std::move(ordered)); }
  void clear() { faults_.clear(); }
  // The first fault that hits this call, used up by one; each call counts towards every matching fault's skip
  // until one hits.
  std::optional<fault> take(std::string_view operation);
  std::size_t size() const { return faults_.size(); }

 private:
  std::vector<fault> faults_;
};

}  // namespace platformer::emulator
