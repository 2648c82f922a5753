// The operations of an account's life that are tried with every fault at every request: what brings them
// about, which requests they take when nothing fails, and what must be true afterwards, whatever failed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/integration/harness/gated_scenario.hpp"

namespace platformer::test {

// The object that an operation is about, and what was so before it.
struct subject {
  std::string name;
  std::int64_t revision = 0;       // of the status: it may never be lower again
  std::int64_t tokens_issued = 0;  // as tokens_issued() counts them
};

using problems = std::vector<std::string>;  // what is not as it must be, in words; empty: all is well

// How many tokens may have been minted.
struct token_count {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

struct operation {
  std::string name;
  // Documented: the requests that it takes, in order, as request_text() writes them. One more or less is a
  // failure, so that no request escapes from being tried.
  std::vector<std::string> requests;
  // The others that it takes: lists, watches, events. They go beside the work, now sooner, now later.
  std::vector<std::string> beside;
  // How many tokens are minted after `prepare` when nothing fails.
  std::int64_t mints = 0;
  bool ends_gone = false;  // object and account are gone at the end; else the object is Ready
  bool replaces = false;   // the account at the end is another one than before
  // Everything before; afterwards the operator is silent, or has ended.
  std::function<void(gated_scenario&, subject&)> prepare;
  // The cause of it all. The operator runs from now on.
  std::function<void(gated_scenario&, const subject&)> act;
  // What this operation promises beyond what holds for all.
  std::function<problems(gated_scenario&, const subject&)> look;
  // What it promises for every moment from the cause to the rest. Asked all the time, on a thread of its own.
  std::function<problems(gated_scenario&, const subject&)> always;
};

const std::vector<operation>& operations();
const operation& find_operation(const std::string& name);

// "kubernetes PATCH serviceaccounts/NAME/status", "kubernetes POST secrets (dry run)", "console PUT
// serviceaccount/ID/token/renew".
std::string request_text(const passage& passed, const subject& about);

// All that it takes, `requests` first; `number` from 1.
std::size_t points_of(const operation& done);
const std::string& request_of(const operation& done, std::size_t number);
bool is_beside(const operation& done, std::size_t number);

bool is_read(const std::string& request);
// Whether the request mints, and whether it puts a token into its Secret.
bool is_mint(const std::string& request);
bool is_commit(const std::string& request);

}  // namespace platformer::test
