// Short cuts for tests about ServiceAccounts that are Ready.
#pragma once

#include <cstdint>
#include <string>

#include "tests/integration/harness/scenario.hpp"

namespace platformer::test {

inline constexpr std::chrono::seconds usual_wait{30};

// Connects, starts the operator, applies one ServiceAccount and waits until it is Ready. Throws when it
// isn't.
void make_ready(scenario& it, const std::string& name, const std::string& spec = "",
                const std::string& metadata = "");

std::int64_t revision_of(scenario& it, const std::string& name);
std::string reason_of(scenario& it,
                      const std::string& what);  // of the Ready condition; "" when there is none
std::string message_of(scenario& it, const std::string& what);
// Waits until Ready has that reason.
testing::AssertionResult comes_to_reason(scenario& it, const std::string& what, const std::string& reason);
// Waits until the token has that revision and the status says so.
testing::AssertionResult comes_to_revision(scenario& it, const std::string& name, std::int64_t revision);

// Sets the renew annotation.
void ask_to_renew(scenario& it, const std::string& name, const std::string& value);

// How many events of that type ("Normal", "Warning") about the ServiceAccount have `text` in their note.
int count_events(scenario& it, const std::string& name, const std::string& type, const std::string& text);
// Waits until there is one; a failure has all notes about it.
testing::AssertionResult comes_to_event(scenario& it, const std::string& name, const std::string& type,
                                        const std::string& text);

// The token in the account's Secret. For the emulator's verification only; never print it.
std::string token_of(scenario& it, const std::string& secret, const std::string& key = "token");

}  // namespace platformer::test
