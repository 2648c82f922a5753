// What the CRDs' rules say about combinations of fields, said again by the operator: an object may have been
// stored before a rule was there. Each function gives a sentence that names the field, or nullopt.
#pragma once

#include <optional>
#include <string>

#include "model/console_connection.hpp"
#include "model/service_account.hpp"

namespace platformer {

std::optional<std::string> find_token_problem(const token_spec& token);

// `token` says whether there will be a previous token at all.
std::optional<std::string> find_secret_problem(const secret_spec& secret, const token_spec& token);

std::optional<std::string> find_restart_problem(const std::vector<restart_target>& targets);

std::optional<std::string> find_connection_problem(const console_connection& connection);

}  // namespace platformer
