// When a request is sent again. Pure: the runner tells what happened and how much time is left.
#pragma once

#include <cstdint>

#include "model/api_error.hpp"

namespace platformer::kube {

enum class attempt_next : std::uint8_t {
  give_up,      // the failure is the answer
  again,        // after `wait`
  reauthorize,  // ask for a fresh credential, then once more if there is one
};

struct retry_state {
  unsigned retries = 0;       // waits for Retry-After so far
  bool reconnected = false;   // a read was repeated after a broken connection
  bool reauthorized = false;  // a fresh credential was asked for
};

struct retry_limits {
  unsigned retries = 10;
  duration remaining{};  // until the request's deadline
};

struct retry_decision {
  attempt_next next = attempt_next::give_up;
  duration wait{};
};

// Updates `state` when it says to go on. `reads` is true for requests that change nothing.
retry_decision decide_retry(retry_state& state, const api_error& failure, bool reads,
                            const retry_limits& limits);

}  // namespace platformer::kube
