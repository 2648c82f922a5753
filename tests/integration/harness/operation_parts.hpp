// What the definitions of operations share.
#pragma once

#include <string>

#include "tests/integration/harness/operations.hpp"

namespace platformer::test {

inline const std::string an_event = "kubernetes POST events";

// Throws std::runtime_error with `when` and what was found, if anything was.
void must(const problems& found, const char* when);

// Notes what is true of the subject before the fault; `replaces` as in operation.
void remember(gated_scenario& at, subject& about, bool replaces = false);

// Makes the subject's object; `spec` as of service_account_yaml().
void apply(gated_scenario& at, const subject& about, const std::string& spec = never_verified);
// The same, and waits until it is Ready and all is remembered.
void make_subject_ready(gated_scenario& at, subject& about, const std::string& spec = never_verified,
                        bool replaces = false);

// Asks for a new token, and whether the object's status says that it was asked and answered.
void annotate_renew(gated_scenario& at, const subject& about);
problems renew_is_handled(gated_scenario& at, const subject& about);

// The operations that begin with a start of the operator.
operation start();
operation recovery_of_create();
operation recovery_of_renew();
operation doubtful_delete();

}  // namespace platformer::test
