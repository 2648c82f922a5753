// Answers in words that are the same whoever gives them: no ID, no token, no clock.
//
//   made #1 t1, ends +24h        done        removed        live        #1 ci [rudder.app.editor]
//   404 not found                none        was gone       dead        #1 #2, complete
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_string.hpp"
#include "console/listing.hpp"
#include "model/account.hpp"
#include "model/api_error.hpp"
#include "tests/conformance/console/calls.hpp"

namespace platformer::conformance {

struct answer {
  std::string text;
  std::string says;  // the Console's own words when it refuses; empty: none, or none that can be compared
};

// An account as it is stored, whatever the API shows of it.
struct stored_truth {
  account data;
  bool active = false;  // its token is live
  std::uint64_t tokens_issued = 0;
};

// Numbers for the IDs and tokens of one run of a case, and everything rendered with them.
class vocabulary {
 public:
  // `start`: the time that offsets count from.
  explicit vocabulary(time_point start) : start_(start) {}

  time_point start() const { return start_; }
  // "#1"; an ID that was not met before gets the next number.
  std::string number_of(std::string_view id);
  // The ID behind a number, or the literal. Throws when there is no such number yet.
  std::string id_of(const account_ref& which) const;
  token_handle token(std::size_t number) const { return tokens_.at(number - 1); }
  const std::vector<token_handle>& tokens() const { return tokens_; }

  // The token gets the next number.
  std::string made(std::string_view id, token_handle token, std::optional<time_point> expires_at);
  std::string describe(const account& data);
  // "#1 #2, complete", "empty, maybe more"
  std::string describe(const console::account_listing& listing);
  // "#1 #2, page 1 of 3, 41 in all"
  std::string describe(const console::account_page& page);
  // "#1 t2, 2 issued": one account of the truth; `token`: the number of its live token, when it is known.
  std::string describe(const stored_truth& truth, std::optional<std::size_t> token);

 private:
  std::string numbers_of(const std::vector<account>& accounts);
  std::string offset(time_point at) const;

  time_point start_;
  std::vector<std::string> ids_;
  std::vector<token_handle> tokens_;
};

// "429 rate limited, retry after 7s", "connection lost"
std::string code_of(const api_error& error);

// Long texts by their beginning and length.
std::string shortened(std::string_view text);

std::string joined(const string_set& words);

// "shop storefront, billing billing": organizations, projects or roles, these with their permissions.
template <class Entry>
std::string describe_entries(const std::vector<Entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    text += (text.empty() ? "" : ", ") + entry.id + " " + entry.name;
    if constexpr (requires { entry.permissions; }) text += " [" + joined(entry.permissions) + "]";
  }
  return text.empty() ? "none" : text;
}

}  // namespace platformer::conformance
