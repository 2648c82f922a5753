// step: what to do next for one ConsoleConnection: read its credential, prove that it works, find the
// organization, hand the client to the accounts; hold the object while accounts use it. Pure, as
// controllers/service_account/step.hpp.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controllers/console_connection/credential.hpp"
#include "controllers/console_connection/effects.hpp"
#include "model/names.hpp"

namespace platformer::connections {

struct snapshot {
  console_connection object;
  std::size_t users = 0;                    // ServiceAccounts that refer to it
  bool sees_all_users = true;               // false: there may be more, whose labels were not selected
  std::string finalizer{names::finalizer};  // this operator's, which holds the connection while it has users
  // The client in use was made from this generation and nobody had reason to doubt its credential since.
  bool client_is_current = false;
  std::string organization_id;  // of the client in use; "" when there is none
  bool has_client = false;
  // The Console asked not to be called before; nullopt: it did not.
  std::optional<time_point> paused_until;
  bool breaker_open = false;  // the Console does not answer; it is probed …
  time_point next_call{};     // … and this connection may call again then
  // When the credential is tried again and the accounts are compared; nullopt: not known, there is no client.
  std::optional<time_point> check_due;
  // Accounts were refused the renewal of tokens that the Console rejects, until then; nullopt: none.
  std::optional<time_point> tokens_refused_until;
  // Of the credential that the client in use was made from: the Secret's version, and what it notes.
  std::string credential_version;
  credential_note note;
  std::string cluster_id;    // in the marker of the accounts that are made for credentials
  std::string holder;        // this process
  std::string operation_id;  // for an operation that begins in this run
};

// What this process remembers of a connection from one run to the next.
struct memory {
  std::optional<credential_in_hand> in_hand;
  // An operation whose outcome nobody knows, and when that was first seen; a call of it is not under way any
  // more once its time is over.
  std::string doubted;
  time_point doubted_since{};
  std::optional<time_point> clean_up_at;  // an account that is not needed any more may be deleted then
};

// How far this run has come in replacing the credential.
struct rotation_state {
  std::optional<secret_content> secret;
  bool secret_written = false;  // by this run: the version differs from that of the client in use
  unsigned stale_writes = 0;
  std::optional<std::vector<account>> listed;
  bool listed_by_name = false;
  std::optional<operation> noted;  // whose intent this run wrote
  std::string left_account;        // made by hand, whose credential is replaced; "" otherwise
  bool rehearsed = false;
  bool name_taken = false;
  bool ended = false;  // whatever it was, nothing more of it in this run
  std::optional<time_point> retry_at;
  const reason_info* problem = nullptr;  // why the credential is not replaced
  std::string problem_message;
};

// What is told once, as an event.
struct event_note {
  const reason_info* why = nullptr;
  std::string text;
};

struct conclusion {
  enum class outlook : std::uint8_t { ready, reconciling, stalled };
  outlook view = outlook::ready;
  const reason_info* why = &reason::connected;
  std::string message;
  stop next = finished{};
  bool write_status = true;
};

struct state {
  std::optional<secret_content> credentials;
  std::optional<secret_content> ca;
  bool client_built = false;
  std::optional<bool> credential_live;
  bool in_use_live = false;    // the client in use was tried, and works …
  bool in_use_failed = false;  // … or does not: the Secret may have another credential by now
  std::string organization_id;
  bool installed = false;
  bool dropped = false;
  std::optional<time_point> looked;                      // a look was begun then
  std::optional<std::vector<orphaned_account>> orphans;  // as that look found them
  bool inventory_ended = false;                          // by a failure
  std::size_t orphans_deleted = 0;
  bool refusals_forgotten = false;
  bool outdated = false;                // the client in use: its Secret has another value by now
  std::optional<credential_note> note;  // of the Secret that the new client was made from
  rotation_state rotation;
  std::optional<std::string> left_account;  // of the replacement that this run has ended
  memory remembered;
  std::vector<event_note> events;
  std::optional<object_meta> patched;  // after our own patches in this run
  std::optional<request> awaiting;
  std::optional<conclusion> end;
  bool status_settled = false;
};

// What `step` wants: one side effect, or an end.
using step_result = std::variant<request, stop>;

// `now` goes on from the previous step, and stays where it is.
step_result step(const snapshot& seen, state& now, const response& reply, time_point at);

}  // namespace platformer::connections
