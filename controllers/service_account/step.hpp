// step: what to do next for one ServiceAccount. A pure function of what was seen, what happened since, and
// the time:
//
//   state now = begin(remembered);
//   auto [effect, events] = step(seen, now, {}, clock());
//   while (auto* wanted = std::get_if<request>(&effect)) { reply = perform(*wanted); … step(seen, now,
//   reply, clock()) }
//
// Guarantees (docs/issuance-protocol.md): no create or renew without an intent on the object and a passed dry
// run of the very Secret write; no second call while one is in doubt; nothing is changed that does not bear
// our marker or our UID; the finalizer goes last. After any request the process may die: the next reconcile
// goes on from the world.
#pragma once

#include "controllers/service_account/state.hpp"

namespace platformer::accounts {

state begin(memory remembered);

// `reply` answers the request that the previous step returned; monostate at the start. `now` goes on from
// that one: what has been learned stays where it is, as it is larger than what a step adds to it.
step_result step(const snapshot& seen, state& now, const response& reply, time_point at);

}  // namespace platformer::accounts
