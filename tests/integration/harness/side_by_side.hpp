// Runs many short tries next to each other, each in a gated_scenario that it has to itself, since most of
// their time is waiting. The scenarios are used again and again; one in which something went wrong is not.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/harness/gated_scenario.hpp"

namespace platformer::test {

class side_by_side {
 public:
  // What went wrong, in words; "" when nothing did. `number` tells tries in one scenario apart. It runs on a
  // thread of its own, where GoogleTest's macros must not be used.
  using attempt = std::function<std::string(gated_scenario&, std::size_t number)>;

  // `of_each` has the label of the scenarios' folders and what they are to be.
  side_by_side(gated_options of_each, std::size_t threads, std::vector<attempt> attempts);
  ~side_by_side();  // waits for all
  side_by_side(const side_by_side&) = delete;
  side_by_side& operator=(const side_by_side&) = delete;

  std::string outcome_of(std::size_t number) { return outcomes_.at(number).get(); }  // once; waits for it

 private:
  void work(std::size_t worker);

  gated_options of_each_;
  std::vector<attempt> attempts_;
  std::vector<std::promise<std::string>> promises_;
  std::vector<std::future<std::string>> outcomes_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex setting_up_;
  std::vector<std::thread> threads_;
};

}  // namespace platformer::test
