#include "tests/integration/harness/side_by_side.hpp"

#include <algorithm>
#include <exception>
#include <optional>

namespace platformer::test {

side_by_side::side_by_side(gated_options of_each, std::size_t threads, std::vector<attempt> attempts)
    : of_each_(std::move(of_each)), attempts_(std::move(attempts)), promises_(attempts_.size()) {
  for (auto& each : promises_)
    outcomes_.push_back(each.get_future());
  for (std::size_t i = 0; i < std::min(threads, attempts_.size()); ++i)
    threads_.emplace_back([this, i] { work(i); });
}

side_by_side::~side_by_side() {
  for (auto& each : threads_)
    each.join();
}

// The scenario lives and dies on its own thread: its processes end with the thread that started them.
void side_by_side::work(std::size_t worker) {
  std::optional<gated_scenario> at;
  std::size_t scenarios = 0;
  for (std::size_t i = next_++; i < attempts_.size(); i = next_++) {
    std::string outcome;
    try {
      if (!at) {
        const std::scoped_lock one_by_one(setting_up_);  // or all would wait for each other's start
        gated_options options = of_each_;
        options.label += "." + std::to_string(worker) + "." + std::to_string(++scenarios);
        at.emplace(options);
      }
      outcome = attempts_[i](*at, i);
    } catch (const std::exception& failed) {
      outcome = std::string(failed.what()) + "\n";
      if (at) outcome += at->gate.notes().around_the_fault();
    }
    if (!outcome.empty() && at) {
      outcome += "logs: " + at->it.folder.string() + "\n";
      at.reset();
    }
    promises_[i].set_value(std::move(outcome));
  }
}

}  // namespace platformer::test
