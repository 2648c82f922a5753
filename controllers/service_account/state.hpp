// What a reconcile has learned and done so far. `step` only ever adds facts; what comes next is worked out
// anew from all of them, so the order of replies can't matter more than it does in the world.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controllers/service_account/effects.hpp"
#include "controllers/service_account/secret_record.hpp"
#include "controllers/service_account/snapshot.hpp"

namespace platformer::accounts {

// Which part of the object a conclusion is about; the others keep the condition they had.
enum class aspect : std::uint8_t {
  none,     // nothing of it was looked at (suspended, no connection)
  account,  // AccountSynced
  secret,   // SecretSynced
  token,    // TokenValid
};

enum class outlook : std::uint8_t {
  ready,        // all is as the spec says
  reconciling,  // not yet, and it gets there by itself
  stalled,      // not, until somebody changes something
};

struct conclusion {
  outlook view = outlook::ready;
  const reason_info* why = &reason::progressing;
  std::string message;
  aspect about = aspect::none;
  stop next = finished{};
  bool write_status = true;  // false: the object is gone, or our view of it is stale
  bool keeps_ready = false;  // the conclusion does not touch Ready: what was tried was merely due
};

struct facts {
  bool untouched = false;  // nothing can have been done for the object before this run
  std::optional<std::optional<secret_content>> secret;  // as read in this run; inner nullopt: there is none
  std::optional<std::optional<secret_content>> old_secret;  // the one that the token moves away from
  bool old_secret_removed = false;
  secret_record
      named_record;  // what is noted on the Secret that the spec names, if it is ours or our predecessor's
  secret_record moving_record;  // and on the one that the token moves away from
  std::optional<names_resolved> names;
  std::optional<names_unresolved> unresolved;
  std::optional<std::optional<account>> recorded;  // the account of the recorded ID; inner nullopt: 404
  std::optional<std::optional<account>> replaced;  // the one that the Secret calls the previous; inner: 404
  std::optional<std::vector<account>> listed;      // accounts that bear our or our predecessor's marker
  std::vector<std::string> confirmed;              // IDs of listed ones that were read one by one since
  std::optional<bool> token_live;                  // the stored token, as tried in this run
  bool credential_accepted = false;  // the connection's own, after the stored token was rejected
  std::optional<revocation_reserved> revocation;
  std::optional<api_error> update_refused;  // the account can't be brought in line, for good
  bool account_updated = false;
  std::vector<std::string> deleted_accounts;
  std::optional<operation> noted;  // that the object's annotation named when this run began
  std::optional<operation>
      intent;           // that is on the object, written by this run or known not to have been used
  bool called = false;  // this run asked for the intent's create or renew
  bool preflight_passed = false;
  bool committed = false;     // this run wrote a newly minted token to the Secret
  std::size_t restarted = 0;  // of snapshot::restarts, in order
  bool restarts_done = false;
  bool overlap_over = false;     // the account that was replaced is gone
  bool secret_repaired = false;  // this run wrote something else to it
  bool marker_removed = false;   // orphaning: account and Secret were let go
  bool secret_released = false;
  std::optional<std::string> object_version;  // after our own patches in this run
  std::optional<std::vector<std::string>> finalizers;
  bool must_read_secret = false;  // a write showed that the Secret is not as we saw it …
  unsigned rereads = 0;           // … so many times in this run
};

struct state {
  memory remembered;
  facts known;
  std::optional<request> awaiting;  // the request whose answer comes next
  std::optional<conclusion> end;
  bool status_settled = false;
};

// What `step` wants: one side effect, or an end.
struct step_result {
  std::variant<request, stop> effect;
  std::vector<event_note> events;
};

}  // namespace platformer::accounts
