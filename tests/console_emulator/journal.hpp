// What was called: counters since the last reset, and the latest calls one by one. No token ever gets here.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace platformer::emulator {

struct call_record {
  std::string operation;  // operationId of openapi.yaml, or "unknown"
  std::string account_id;
  int status = 0;          // sent, or begun to be sent; 0: no reply
  bool committed = false;  // the call changed something
  time_point at{};
  std::string traceparent = {};  // as the caller sent it; "": it didn't
};

inline constexpr std::size_t journal_limit_calls = 10'000;

class journal {
 public:
  void add(call_record record) {
    ++counts_[record.operation];
    calls_.push_back(std::move(record));
    if (calls_.size() > journal_limit_calls) calls_.pop_front();
  }
  void clear() {
    counts_.clear();
    calls_.clear();
  }
  const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }
  const std::deque<call_record>& calls() const { return calls_; }

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  std::deque<call_record> calls_;
};

}  // namespace platformer::emulator
