// Looks again and again at what an operation promises for every moment, on a thread of its own.
//
//   lookout meanwhile(at, done, about);
//   …                                        // the operation, and what happens to it
//   append(found, meanwhile.seen());
#pragma once

#include <thread>

#include "tests/integration/harness/operations.hpp"

namespace platformer::test {

class lookout {
 public:
  // Begins at once, and does nothing where nothing is promised. All three outlive it.
  lookout(gated_scenario& at, const operation& done, const subject& about);
  // Ends it; once. The first look at which something was wrong, or empty.
  problems seen();

 private:
  problems seen_;
  std::jthread thread_;
};

}  // namespace platformer::test
