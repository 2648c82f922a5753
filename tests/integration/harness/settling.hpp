// When the operator has come to rest, and whether all is as it must be then.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/integration/harness/operations.hpp"

namespace platformer::test {

using look_function = std::function<problems(gated_scenario&, const subject&)>;

// The part of a JSON value that a pointer ("/status/token") leads to; null when there is none.
nlohmann::json part_of(const nlohmann::json& whole, const std::string& pointer);

// Waits until nothing is wrong and the operator has asked for nothing for a moment; then the answer is empty.
// Else what is still wrong at the deadline.
problems wait_until_settled(gated_scenario& at, const subject& about, const look_function& look,
                            std::chrono::seconds deadline = std::chrono::seconds(60));
// Listens for a while: every request that should not be.
problems noise(gated_scenario& at, std::chrono::milliseconds span = std::chrono::seconds(1));

// The object is Ready and its status is about its present spec.
problems ready_problems(gated_scenario& at, const subject& about);
// The connections that it may use, those that are there, are Ready.
problems connection_problems(gated_scenario& at, const subject& about);
problems waits_for_connection(gated_scenario& at, const subject& about);
// The object is gone.
problems gone_problems(gated_scenario& at, const subject& about);

// The accounts at the Console that bear the object's name or marker.
std::vector<nlohmann::json> accounts_of(gated_scenario& at, const subject& about);

// How many tokens were minted: of all accounts that there are. Where an account may have been replaced, as
// many as the Console was called for, whomever they are for.
std::int64_t tokens_issued(gated_scenario& at, const subject& about, bool replaces);

// What must hold at rest after the operation, whatever happened: one account (none when it ends gone), its
// live token in the Secret, the same revision everywhere and none lower than before, `tokens` more tokens
// minted, and nobody else touched.
problems broken_promises(gated_scenario& at, const subject& about, const operation& done, token_count tokens);

}  // namespace platformer::test
