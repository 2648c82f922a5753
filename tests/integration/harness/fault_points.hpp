// One try of an operation with a fault at one of its requests: brought about, broken, settled, looked at,
// cleaned up. What comes back is what went wrong, with the requests that were made; "" when nothing did.
//
//   try_fault(at, 7, find_operation("renew"), 3, kill_of_operator(moment::after));
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tests/integration/harness/operations.hpp"

namespace platformer::test {

struct fault {
  std::string name;              // "kill_after"
  moment when = moment::before;  // after: the server has carried the request out
  bool kills = false;            // the operator is dead then, and is started again
  bool freezes = false;   // the leader stands still until its lease has run out and another has done the work
  bool holds = false;     // the request ends with its deadline
  bool for_reads = true;  // it makes sense for a request that changes nothing
  bool for_beside = false;  // it is tried with the requests beside the work, too
  std::function<gate_action(gated_scenario&)> act;
};

fault kill_of_operator(moment when);
fault freeze_of_leader(moment when);
fault cut_connection(moment when);
fault reply_replaced_by_500();
fault rate_limited();  // 429 with Retry-After: 1, instead of the server
fault held_beyond_deadline(moment when);

// Whether the client ends a request that is held, of those from the gate's note number `from` on.
bool wait_given_up(const gated_scenario& at, std::uint64_t from);

// `number` makes the object's name unique in the scenario; `request` from 1, see request_of().
std::string try_fault(gated_scenario& at, std::size_t number, const operation& done, std::size_t request,
                      const fault& with);
// The same without a fault; it is also wrong when the requests are not the documented ones.
std::string try_without_fault(gated_scenario& at, std::size_t number, const operation& done);

// How many tokens are minted in all when that fault happens: one more than usual exactly when one is lost.
token_count tokens_needed(const operation& done, std::size_t request, const fault& with);

}  // namespace platformer::test
