// Builds an object's conditions: the transition time moves only when the status does, and a condition that is
// not set is absent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/condition.hpp"

namespace platformer {

class condition_list {
 public:
  // `before` must outlive the list.
  condition_list(const std::vector<condition>& before, std::int64_t generation, time_point at)
      : before_(before), generation_(generation), at_(std::chrono::floor<std::chrono::seconds>(at)) {
    list_.reserve(before.size() + 1);
  }

  void set(std::string_view type, bool status, const reason_info& why, const std::string& message) {
    const condition* old = find_condition(before_, type);
    const bool unchanged = old != nullptr && old->status == status;
    list_.push_back({std::string(type), status, std::string(why.name), message, generation_,
                     unchanged ? old->last_transition : at_});
  }
  // Takes over what the condition was, if it was.
  void keep(std::string_view type) {
    if (const condition* old = find_condition(before_, type)) list_.push_back(*old);
  }
  std::vector<condition> take() { return std::move(list_); }

 private:
  const std::vector<condition>& before_;
  std::int64_t generation_;
  time_point at_;
  std::vector<condition> list_;
};

}  // namespace platformer
