// A connection's own credential, as the operator replaces it (spec.rotateCredentials): what is noted about it
// on its Secret, when it is to be replaced, and the writes of that Secret. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/account.hpp"
#include "model/console_connection.hpp"
#include "model/marker.hpp"
#include "model/operation.hpp"
#include "model/secret.hpp"

namespace platformer::connections {

// The account before lives on for so long, for calls that were begun with its token.
inline constexpr duration credential_overlap = std::chrono::minutes(1);
// What could not be done is tried again after this.
inline constexpr duration rotation_retry = std::chrono::minutes(1);

// What the Secret says about the credential that it holds.
struct credential_note {
  bool consent = false;      // its owner lets the operator write it (names::managed_credential_label)
  bool fits = false;         // the note is about the value that is there, which the operator made
  std::string operation_id;  // that made it
  std::string abandoned;     // the operation that was given up last
  std::string account_id;
  std::optional<time_point> issued_at;
  std::optional<time_point> expires_at;  // as granted
  bool operator==(const credential_note&) const = default;
};

credential_note read_note(const secret_content& secret, const std::string& key);

// A new credential that is not in its Secret yet. The token exists nowhere else.
struct credential_in_hand {
  operation op;
  std::string account_id;
  token_handle token;
  std::string fingerprint;
  std::optional<time_point> expires_at;
  time_point issued_at{};
  std::string replaces;      // fingerprint of the value whose place it takes
  std::string left_account;  // made by hand, whose credential that value was; "" otherwise
  bool proven = false;       // the Console accepts it
};

// When a credential is to be replaced: at its age, or when two thirds of its granted life are over. nullopt:
// at once, as nobody knows how old it is.
std::optional<time_point> replacement_due(const credential_note& note, duration interval);

// What became of an operation: its credential was written once, or it was given up.
bool is_settled(const operation& op, const credential_note& note, const console_connection& object);
bool is_committed(const operation& op, const credential_note& note, const console_connection& object);

// Whose credential an account is made for, and by which operation: both stand in its description.
std::string credential_description(const console_connection& object, const credential_marker& mark,
                                   const operation& op);
bool was_made_by(const account& made, std::string_view operation_id);

// Puts the credential into its Secret, with its note. A dry run of it has to pass before the account is made.
secret_write switch_write(const secret_content& secret, const std::string& key,
                          const credential_in_hand& made);
// Notes that the operation is given up. A write of its credential that is still under way meets a newer
// version and fails.
secret_write abandon_write(const secret_content& secret, const std::string& operation_id);

}  // namespace platformer::connections
