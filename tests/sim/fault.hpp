// What can go wrong, and what others do, at one moment of a schedule. A moment is a request of the operator:
// requests are numbered from the point at which a scenario becomes interesting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platformer::sim {

enum class fault : std::uint8_t {
  // to the request itself
  crash_before,  // the process dies; the request never leaves
  crash_after,   // the process dies when the server has carried the request out
  crash_late,    // the process dies; the request is carried out 25 s later
  lost_request,  // the connection breaks; not carried out
  lost_reply,    // the connection breaks; carried out
  late,          // no reply within the deadline; carried out some seconds later
  very_late,     // … a minute later, when its outcome has been looked up
  conflict,      // 409, whatever the versions are
  forbidden,     // 403
  invalid,       // 422
  throttled,     // 429 with Retry-After
  error_before,  // 500, not carried out
  error_after,   // 500, carried out
  garbled,       // success, but the body can't be understood; carried out
  stop_before,   // the process is stopped for 20 s between its decision to send and the sending (replicas)
  // to the watches and the process, just before the request is carried out
  watch_drop,    // all streams break
  watch_expire,  // … and the storage is compacted: 410
  watch_stall,   // nothing is told for five seconds
  watch_relist,  // … and lists are answered by a server that lags behind
  pause,         // the process is stopped for 20 s and goes on as if nothing had happened
  terminate,     // SIGTERM: it finishes what is in flight and ends; another one is started
  // to the election, where there is one: what the next write of the Lease meets, whoever makes it
  lease_conflict,    // 409, whatever the versions are
  lease_lost_reply,  // carried out
  lease_error,       // 500; carried out
  lease_late,        // no reply within the deadline; carried out a second later
  lease_outage,      // no request for the Lease gets further than a 500, for 20 s
  lease_deleted,     // by a person
  // by people and tools, just before the request is carried out
  edit_access,        // other permissions
  edit_description,   // other text
  rename_secret,      // spec.secret.name
  rename_key,         // spec.secret.key
  ask_renewal,        // a new value of the renew annotation
  ask_renewal_again,  // the value before the last, as a revert in Git would
  replace_object,     // kubectl replace: only spec and the user's annotations are left, no finalizer
  recreate_object,    // deleted, and created under the same name as soon as the name is free
  delete_object,
  delete_secret,
  empty_secret,     // its token key is removed
  overwrite_token,  // its token is something else
  strip_secret,     // our labels and annotations are removed
  put_back_secret,  // the Secret as it was two versions ago, as a backup would
  foreign_secret,   // somebody else's Secret takes the name, where it is free
  wipe_status,
  suspend,             // and later on again
  delete_account,      // at the Console
  edit_account,        // at the Console: roles and text, the marker stays
  unmark_account,      // at the Console: the marker is removed, and later put back
  revoke_token,        // at the Console; somebody asks for a new one later
  edit_strategy,       // InPlace or Replace
  suspend_connection,  // and later on again
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(fault::suspend_connection) + 1;

std::string_view to_string(fault what);
std::optional<fault> parse_fault(std::string_view text);

constexpr bool is_request_fault(fault what) {
  return what <= fault::stop_before;
}
constexpr bool is_act(fault what) {
  return what >= fault::edit_access;
}
constexpr bool is_lease_fault(fault what) {
  return what >= fault::lease_conflict && what <= fault::lease_deleted;
}
// Makes a difference only where several replicas elect one of them.
constexpr bool needs_election(fault what) {
  return is_lease_fault(what) || what == fault::stop_before;
}
// After it, whether a call was carried out is not known to the operator that goes on.
constexpr bool leaves_doubt(fault what) {
  return what == fault::crash_before || what == fault::crash_after || what == fault::crash_late ||
         what == fault::lost_reply || what == fault::late || what == fault::very_late ||
         what == fault::error_before || what == fault::error_after || what == fault::garbled ||
         what == fault::lost_request || what == fault::stop_before || what == fault::pause;
}

struct injection {
  std::uint32_t point = 0;  // the first request is 0; beyond the last one: when everything is at rest
  fault what = fault::crash_before;
  bool operator==(const injection&) const = default;
};

using fault_plan = std::vector<injection>;

// "3:crash_after,5:delete_secret"; "-" for none.
std::string to_string(const fault_plan& plan);
std::optional<fault_plan> parse_plan(std::string_view text);

}  // namespace platformer::sim
