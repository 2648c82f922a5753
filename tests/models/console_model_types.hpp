// What the pure model of the Platformer Console is made of: its directory (organizations, projects, custom
// roles), its accounts, and the shapes of calls and replies (operator/console/openapi.yaml is the contract).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "model/account.hpp"
#include "model/api_error.hpp"

namespace platformer::models {

// Why the Console does not do what it was asked: an HTTP status and a text for the error envelope. Nothing
// changed.
struct refusal {
  int status = 400;
  std::string message;
  bool operator==(const refusal&) const = default;
};

template <class T>
using answer = result<T, refusal>;

inline tl::unexpected<refusal> refuse(int status, std::string message) {
  return tl::unexpected(refusal{status, std::move(message)});
}

// The refusal as a client of the real Console sees it, for simulations that call the model directly. A 409 is
// a taken name only where a name is given.
api_error to_api_error(const refusal& why, bool of_create = true);

// Tokens are kept as digests only.
using token_digest = std::array<std::uint8_t, 32>;

// Where identities and tokens come from. `serial` never repeats within one model, so a simulation's functions
// can be pure ("token-7"), which keeps copies of a model deterministic; the emulator's ignore it and ask
// OpenSSL.
struct token_functions {
  std::function<std::string(std::uint64_t serial)> new_id;
  std::function<secret_string(std::uint64_t serial)> new_token;
  std::function<token_digest(std::string_view token)> digest;
};

struct custom_role {
  std::string id;
  std::string name;
  string_set permissions;
};

struct project {
  std::string id;
  std::string name;
  std::string description;
  std::vector<custom_role> roles;
};

struct organization {
  std::string id;
  std::string name;
  std::vector<custom_role> roles;
  std::vector<project> projects;

  const project* find_project(std::string_view project_id) const;
};

// What exists before any account does; never changes while the Console runs.
struct console_directory {
  std::vector<organization> organizations;

  const organization* find(std::string_view organization_id) const;
};

// A person's or tool's own token: authenticates calls, is no service account and never listed.
struct operator_credential {
  std::string name;
  std::string organization_id;
  string_set roles;  // permission codes and custom-role IDs of the organization
  token_digest digest{};
  std::optional<time_point> expires_at;
};

struct stored_account {
  std::uint64_t serial = 0;  // order of creation
  account data;
  std::optional<token_digest> token;  // the one token that can be live; none once it expired and was outlived
  time_point token_created_at{};
  std::uint64_t tokens_issued = 0;

  bool is_live(time_point now) const { return token && (!data.expires_at || now < *data.expires_at); }
};

// What a committed call did to an account.
enum class account_act : std::uint8_t {
  create,
  update,  // name (by hand only), description, roles, projects or expiry, or nothing after all
  renew,   // another token; the previous one is dead
  revoke,  // the token is dead and there is no other; by hand only
  remove,
};

// One committed change as the model's listener hears of it. Refused calls change nothing and are not told.
struct account_change {
  account_act act = account_act::create;
  bool by_hand = false;  // a person at the Console's own pages, not a call of the API
  time_point at{};
  std::shared_ptr<const stored_account> before;  // null: it did not exist
  std::shared_ptr<const stored_account> after;   // null: it does not exist any more
};

using change_listener = std::function<void(const account_change&)>;

// A listing that does not show everything although nothing is refused; its numbers give it away.
enum class listing_gap : std::uint8_t {
  none,
  last_page_empty,      // the last page comes without its accounts, `pages` and `total` count them
  last_page_uncounted,  // `pages` is one too small (but never 0), `total` counts every account
};

// An account as list, read and change return it.
struct account_view {
  account data;
  time_point token_created_at{};
  bool active = false;  // its token is live
};

// Only create and renew return a token, and only once.
struct issued_account {
  account_view view;
  token_handle token;
};

struct account_page {
  std::vector<account_view> accounts;
  std::uint64_t page = 1;
  std::uint64_t pages = 1;
  std::uint64_t total = 0;
};

// Who calls, in which scope, and when. Views are only used during the call.
struct console_call {
  std::string_view token;            // Authorization
  std::string_view organization_id;  // x-organization-id; empty: absent
  std::string_view project_id;       // x-project-id; empty: absent
  time_point now{};
};

inline constexpr std::uint64_t page_limit_default = 20;
inline constexpr std::uint64_t page_limit_max = 100;
inline constexpr std::size_t name_max_characters = 128;
inline constexpr std::size_t description_max_characters = 8192;

}  // namespace platformer::models
