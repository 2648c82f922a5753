// Console requests and replies as JSON (openapi.yaml). Requests are exact; replies are read leniently where
// nothing hangs on it (unknown fields, absent optional ones, either form of a date) and refused as a whole
// where a wrong type would make us believe something untrue. Pure. Errors say which field is wrong, never
// what it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "console/directory.hpp"
#include "model/account.hpp"

namespace platformer::console {

// As listServiceAccounts gives it; absent members are nullopt.
struct page_meta {
  std::optional<std::int64_t> page;
  std::optional<std::int64_t> pages;
  std::optional<std::int64_t> total;  // accounts on all pages
};

struct account_page {
  std::vector<account> accounts;
  page_meta meta;
};

struct minted_reply {
  std::string account_id;  // "" when the reply has none
  token_handle token;      // never null
  // nullopt: the reply does not say, or not understandably; then what was asked for holds. Inner nullopt:
  // never.
  std::optional<std::optional<time_point>> expires_at;
};

// An absent expiry is sent as null: it never expires.
std::string encode_create(const account_fields& fields);
// Only the fields that are set; the name can't be changed and is left out.
std::string encode_update(const account_fields& fields);
std::string encode_renew(std::optional<time_point> expires_at);

result<std::vector<organization>> decode_organizations(std::string_view body);
result<std::vector<project>> decode_projects(std::string_view body);
result<std::vector<role>> decode_roles(std::string_view body);
result<account_page> decode_account_page(std::string_view body);
result<account> decode_account(std::string_view body);
// A reply without a usable token fails: the call may well have been carried out. Anything else that is odd
// does not, as the token must not be lost over it; but an account ID that is unsafe fails, too.
result<minted_reply> decode_minted(std::string_view body);
// A success without anything to read: an empty body, or an object that doesn't say `success: false`.
result<void> decode_done(std::string_view body);

}  // namespace platformer::console
