// What was seen of one ServiceAccount and its surroundings when a reconcile began, and what this process
// remembers of it. `step` decides from these alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/boxed.hpp"
#include "base/secret_string.hpp"
#include "base/shared_value.hpp"
#include "controllers/service_account/secret_record.hpp"
#include "model/console_connection.hpp"
#include "model/marker.hpp"
#include "model/operation.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"

namespace platformer::accounts {

// The connection that spec.connectionRef names, as far as a ServiceAccount needs it.
struct connection_view {
  enum class standing : std::uint8_t {
    missing,    // no such object
    unknown,    // this process has not tried it yet; the object is queued again when it has
    not_ready,  // it exists and can't be used now; `message` says why
    ready,      // calls can be made and new accounts made
    closing,    // calls can be made, but only to let go of accounts: it is being deleted, or its spec leads
                // to another organization now and the accounts are still in the one before
  };
  standing state = standing::missing;
  std::string name;
  std::string message;
  std::string organization_id;
  duration timeout = std::chrono::seconds(30);
  std::string gateway;
  bool suspended = false;  // every call of it is frozen
  bool admits = true;      // it may be used from the object's namespace
  access_ceiling allowed;
  pattern_set adoptable;  // names of accounts without our marker that may be taken over; empty: none
  // Accounts that were compared with the Console before this moment are to be looked at again.
  time_point look_since{};
  bool callable() const { return state == standing::ready || state == standing::closing; }
};

// A token that was minted and is not in its Secret yet.
struct minted_token {
  operation op;
  std::string account_id;
  token_handle token;
  std::string fingerprint;
  std::optional<time_point> expires_at;  // as granted
  time_point issued_at{};
  std::string renew;  // the annotation's value that this minting honours
  // The account that lives on until an overlap ends, should its Secret be lost before the write.
  std::string previous_account_id = {};
  std::optional<time_point> previous_until = {};
};

// Gained by this process, lost in a crash. The world shows all that is needed for safety, so this saves
// look-ups, waits and calls; but where somebody wipes the object's traces, it is what is left of them.
struct memory {
  boxed<minted_token> pending;
  std::string doubt_id;      // an operation whose outcome is not known …
  time_point doubt_since{};  // … since when we know of it, by our own clock
  std::string refused_id;    // an operation whose call is sure not to have been carried out
  std::string committed_id;  // an operation whose token we wrote, whatever became of the Secret …
  std::int64_t committed_revision = 0;  // … and its revision
  boxed<secret_record> unreported;      // … and its Secret's notes, until status tells of them
  std::int64_t account_generation = 0;  // of the spec that we last held against the account; 0: none
  std::string minted_account_id;        // the account that we made or renewed last: listings may lag behind
  time_point account_written_at{};      // a listing that began before does not show what we did
  std::string checked_secret_version;   // the Secret's contents were found right at this version …
  std::int64_t checked_generation = 0;  // … for the spec of this generation
  boxed<operation> last_intent;         // as written or found, should somebody wipe or revert the annotation
  bool may_renew_rejected = false;      // leave to renew a token that the Console rejects, not used yet
  bool name_taken =
      false;  // the Console refused a second account of our name: the next one gets a name of its own
  bool touched = false;       // this process has written to the object, or saw it as not new
  std::int64_t failures = 0;  // attempts in a row that failed
  std::int64_t doubts = 0;    // calls in a row whose outcome was not learned
  time_point looked_at{};     // the account was last compared with the Console
  time_point verified_at{};   // the stored token was last tried, or this process first saw the object
};

// A workload that the spec wants restarted, and what it is to have seen.
struct workload_restart {
  restart_target target;
  std::string revisions;    // a hash of the revisions of the tokens of all objects that name this workload
  time_point changed_at{};  // the latest of those was issued then
};

struct snapshot {
  shared_value<service_account> object;
  connection_view connection;
  // The one that the spec names, as the label-selected cache shows it; null: none.
  std::shared_ptr<const secret_meta> secret;
  // All Secrets in the cache that this object's UID controls; never null.
  std::vector<std::shared_ptr<const secret_meta>> owned;
  std::vector<workload_restart> restarts;  // for spec.rolloutRestartTargets
  std::string cluster_id;
  std::string holder;        // this process, for people
  std::string operation_id;  // fresh, for an intent of this reconcile
  // Created after this process began to watch, seen live and without our finalizer: nothing can have been
  // done for it before.
  bool provably_new = false;

  marker mark() const { return {cluster_id, object->meta.ns, object->meta.name, object->meta.uid}; }
  // The same, valid while the snapshot is.
  marker_view mark_view() const { return {cluster_id, object->meta.ns, object->meta.name, object->meta.uid}; }
  object_key secret_key() const { return {object->meta.ns, object->spec.secret.name}; }
};

}  // namespace platformer::accounts
