// Why a token is minted: an ordered chain of small policies, the first that applies decides. Nothing else
// mints.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/service_account/findings.hpp"

namespace platformer::accounts {

struct decision {
  mint_cause cause = mint_cause::initial_issue;
  operation_kind kind = operation_kind::create;
  const account* on = nullptr;  // the account to renew; null for create
  std::string replaces = {};    // create: the account that the new one takes the place of; empty: none
};

struct policy {
  std::string_view name;
  // `accounts` as view_accounts gives them.
  std::optional<decision> (*applies)(const snapshot& seen, const state& now, const account_view& accounts,
                                     time_point at);
};

// In order; policies.cpp says at each one why it stands where it does.
extern const std::array<policy, 8> mint_policies;

// Needs the facts that plan.cpp gathers first: the Secret, and (unless nothing can exist yet) the account.
std::optional<decision> find_cause(const snapshot& seen, const state& now, time_point at);

// Nothing was ever issued for this object and no account can exist: it is provably new, or our own first call
// was refused for sure.
bool nothing_can_exist(const snapshot& seen, const state& now);

// The token that we committed last is there: in its Secret, or in the one it is to move from.
bool has_token(const snapshot& seen, const state& now);

}  // namespace platformer::accounts
