// Where the time of one reconcile goes.
//
//   reconcile_timer timer;  …decide…  timer.lap(reconcile_phase::decide);  …  timer.report(meters,
//   "serviceaccount");
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "app/metrics.hpp"

namespace platformer::app {

class reconcile_timer {
 public:
  using seconds = std::chrono::duration<double>;

  // What has passed since the last lap, or the beginning, belongs to that phase.
  void lap(reconcile_phase phase) {
    const auto now = clock::now();
    auto& spent = spent_.at(static_cast<std::size_t>(phase));
    spent = spent.value_or(seconds(0)) + (now - last_);
    last_ = now;
  }
  // Since the beginning.
  seconds total() const { return clock::now() - began_; }

  void report(metrics& to, std::string_view controller) const {
    for (const auto phase : {reconcile_phase::decide, reconcile_phase::kubernetes, reconcile_phase::console})
      if (const auto& spent = spent_.at(static_cast<std::size_t>(phase)))
        to.observe_phase(controller, phase, spent->count());
  }

 private:
  using clock = std::chrono::steady_clock;

  clock::time_point began_ = clock::now();
  clock::time_point last_ = began_;
  std::array<std::optional<seconds>, 3> spent_;
};

}  // namespace platformer::app
