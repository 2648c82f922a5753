// The intent of one issuance, as it is written on the ServiceAccount before the Console is called, and the
// budget of mintings that travels with it (docs/issuance-protocol.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace platformer {

// The only reasons a token may ever be minted.
enum class mint_cause : std::uint8_t {
  initial_issue,       // no account yet
  renew_request,       // the renew annotation has a new value
  scheduled_renewal,   // the expiry nears
  token_lost,          // Secret deleted, emptied or no longer what we wrote
  account_lost,        // the account was deleted by hand
  adoption,            // taken over from a predecessor whose token can't be read or does not work
  revoked_externally,  // the Console rejects the token that we issued
  recovery,            // a call may have been made whose token nobody holds
};

std::string_view to_string(mint_cause cause);
std::optional<mint_cause> parse_mint_cause(std::string_view text);

enum class operation_kind : std::uint8_t { create, renew };

// How often tokens of one object were minted lately. Travels in the intent, so that it survives a restart.
struct mint_budget {
  std::int64_t automatic = 0;  // unscheduled, unrequested mintings in a row
  std::optional<time_point> last_automatic;
  std::int64_t requested = 0;  // mintings on request since hour_start
  std::optional<time_point> hour_start;
  std::int64_t scheduled = 0;  // mintings by schedule since scheduled_start
  std::optional<time_point> scheduled_start;
  bool operator==(const mint_budget&) const = default;
};

struct operation {
  std::string id;
  operation_kind kind = operation_kind::create;
  std::int64_t revision = 0;  // that the Secret will have
  mint_cause cause = mint_cause::initial_issue;
  std::string holder;       // the process that wrote it
  time_point started_at{};  // by the holder's clock: for people, never for decisions
  duration call_timeout{};  // how long the call may still be under way after the intent was seen
  std::vector<std::string> renew_history;  // hashes of the renew values honoured before and by this operation
  // An earlier call's outcome was never learned, so a second account may turn up late: deletion looks for it
  // by listing. Handed on from intent to intent.
  bool after_doubt = false;
  std::string replaces;  // strategy Replace: the account that this operation's new one takes the place of
  std::string account;   // renew: the account whose token is renewed; empty: an earlier version wrote it
  mint_budget budget;
  bool operator==(const operation&) const = default;
};

std::string encode_operation(const operation& op);
// nullopt when absent or not ours to understand. A forged annotation costs its author at most a look-up:
// whatever it makes us do is still bound by the marker and the Secret's owner.
std::optional<operation> decode_operation(std::string_view annotation);

// A short hash of a renew annotation's value (16 hex digits, FNV-1a 64: identity, not secrecy).
std::string renew_hash(std::string_view value);
inline constexpr std::size_t renew_hash_size = 16;

inline constexpr std::size_t renew_history_limit = 16;

// `history` with `hash` as its newest entry, duplicates removed, at most renew_history_limit entries.
std::vector<std::string> remember_renew(std::vector<std::string> history, std::string hash);

}  // namespace platformer
