// The groups that make up scenarios(), and what they have in common.
#pragma once

#include <functional>
#include <span>

#include "tests/sim/scenario.hpp"

namespace platformer::sim {

std::span<const scenario> life_scenarios();  // what people do with their objects
std::span<const scenario>
disturbance_scenarios();  // what people and tools do to Secrets, accounts and traces
std::span<const scenario> environment_scenarios();  // what the servers, the clock and other objects do
std::span<const scenario> replica_scenarios();      // several replicas and their election
std::span<const scenario> token_scenarios();        // how tokens live: schedules, verification, Replace
std::span<const scenario> connection_scenarios();   // drift, adoption, connections that don't work
std::span<const scenario> clock_scenarios();        // the machine's clock is set
std::span<const scenario> credential_scenarios();   // connections that replace their own credential

// A connection that works already, and an operator that runs.
void set_up(world& in, const std::function<void(console_connection&)>& edit = {});
// … and an object with its account and token; then the world is armed.
void issue_first(world& in, const std::function<void(service_account&)>& edit = {});
// Every living object has what it should have.
void all_is_well(world& in);

// After an issuance people do one thing.
template <fault What>
void people_do(world& in) {
  issue_first(in);
  in.crowd.act(in, What);
}

}  // namespace platformer::sim
