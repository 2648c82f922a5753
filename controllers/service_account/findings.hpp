// Readings of snapshot and facts that several decisions share: whose Secret is it, is an operation in doubt,
// which account is ours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controllers/service_account/schedule.hpp"
#include "controllers/service_account/secret_record.hpp"
#include "controllers/service_account/state.hpp"

namespace platformer::accounts {

// Whose Secret it is that bears the name in the spec (docs/issuance-protocol.md, "Whose account, whose
// Secret").
enum class secret_owner : std::uint8_t {
  nobody,       // there is none
  ours,         // controlled by this object's UID
  predecessor,  // left by the object that bore this name before; ours to take over unless adoptionPolicy is
                // Never
  handed_over,  // somebody else's, whose owner annotated it for us
  foreign,      // never touched
};

secret_owner owner_of(const object_meta& secret, const object_meta& object);

// The Secret that the spec names: what this run read, else what the cache shows.
struct secret_view {
  secret_owner owner = secret_owner::nobody;
  const object_meta* meta = nullptr;        // null: there is none
  const secret_content* content = nullptr;  // null: not read in this run
  const secret_record* record = nullptr;    // of ours or our predecessor's; else empty; never null
  bool token_intact = false;  // a value fits the record's fingerprint (trusted unread at a checked version)
};
// Valid while `now` is.
secret_view view_secret(const snapshot& seen, const state& now);

// Takes the records of the Secrets as known by now into the facts: at the start, and after a Secret was read
// or written.
void read_records(const snapshot& seen, state& now);

// The entry of `content` that fits the fingerprint, whatever its key; null when none does.
const secret_entry* intact_token(const secret_content& content, const std::string& fingerprint);

// The latest Secret under another name that this object still owns: the source of a move, or what a move left
// behind.
const object_meta* moved_from(const snapshot& seen);

// The record to go on from: the Secret's, else that of the Secret we are moving from.
const secret_record& current_record(const state& now);

// The latest operation: the one that this run wrote, else the annotation's, else what this process remembers
// of an annotation that was wiped or replaced by an earlier one. Null: none was ever begun. Valid while `now`
// is.
const operation* current_operation(const state& now);

enum class operation_state : std::uint8_t {
  none,      // no operation was ever begun
  settled,   // the Secret bears it
  lost,      // it was committed once (status says so) and the Secret is gone or changed
  unused,    // its call is sure not to have been carried out
  in_doubt,  // its call may have been carried out and nobody holds the token
};
operation_state state_of_operation(const snapshot& seen, const state& now);

// A renewal of that cause was begun and its call not carried out. Of Recovery and Adoption the operation is
// the only trace of why the token in the Secret can't be trusted, so that these are always carried through.
bool is_unfinished(const snapshot& seen, const state& now, mint_cause cause);

// The account's ID as recorded by the Secret, else by status; "" when neither knows. A hint: the marker
// decides. Valid while both are.
const std::string& recorded_account_id(const snapshot& seen, const state& now);

// The project that calls on the account need in their header: resolved, else recorded.
const std::string& project_id(const snapshot& seen, const state& now);

struct account_view {
  const account* ours = nullptr;  // bears our marker; of several the one to keep
  const account* predecessor =
      nullptr;               // to be taken over, and none bears ours: our predecessor's, else a stranger
  bool is_stranger = false;  // `predecessor` bears no marker of this cluster
  std::vector<const account*> strangers;   // of our name and level, without a marker of this cluster
  const account* previous = nullptr;       // bears our marker, too, and lives on until the overlap ends
  std::vector<const account*> duplicates;  // bear our marker, too, and are to be deleted
  const account* unmarked = nullptr;       // the recorded ID exists, but is not attributed to us
};
// The spec wants to take over an account that somebody else made, and its connection allows that name.
bool may_adopt_strangers(const snapshot& seen);

// Meaningful once facts.recorded or facts.listed is there.
account_view view_accounts(const snapshot& seen, const state& now);

// The account was last seen in another organization than the one that the connection leads to, and is not
// found there: it is not lost, we are looking in the wrong place. Meaningful as view_accounts.
bool is_elsewhere(const snapshot& seen, const state& now);

// The latest operation may have left an account that the Secret's notes don't name: its outcome was not
// learned, or it replaced an account and its Secret, or only its notes, were lost within the overlap. Of an
// object that lives the next look finds out about notes. Where the object bears no operation, somebody has
// wiped it, and it may have been any.
bool may_have_left_one(const snapshot& seen, const state& now);

// The request annotation's value, when it asks for a renewal that has not been honoured yet; else "".
std::string open_renew_request(const snapshot& seen, const state& now);

// A Secret of an earlier revision or of another operation than the one that was committed, put back by
// somebody: its token is dead.
bool is_outdated(const snapshot& seen, const state& now, const secret_record& record);

// When the token that we committed last is renewed by schedule; nullopt: never.
std::optional<renewal> due_renewal(const snapshot& seen, const state& now);

}  // namespace platformer::accounts
