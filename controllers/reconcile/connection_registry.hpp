// The live side of every ConsoleConnection: its client, credential and organization. The one in use stays
// until a newer one is proven, and until the connection is gone, so that accounts can still be deleted when a
// namespace takes its credentials first.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "controllers/console_connection/step.hpp"
#include "controllers/reconcile/call_limits.hpp"
#include "controllers/service_account/snapshot.hpp"
#include "model/console_connection.hpp"
#include "model/names.hpp"
#include "runtime/rolling_quota.hpp"

namespace platformer::controllers {

// What makes a connection's calls; only who made it knows more.
class connection_client {
 public:
  virtual ~connection_client() = default;
  // The process's clock was set by so much: what is kept from earlier calls is that much older or younger.
  virtual void clock_was_set(duration) {}
};

// An account at the Console that bears the marker of an object that does not exist.
struct orphan {
  // It counts as one then: the listing may be older than a deletion that has just ended.
  static constexpr unsigned looks_needed = 2;

  std::string name;  // of the account
  std::string project_id;
  time_point since{};     // seen so at every look from then on
  bool replaced = false;  // an object of that namespace and name exists, with another UID
  unsigned looks = 0;
};

struct live_connection {
  std::shared_ptr<connection_client> in_use;  // null: none was ever proven
  std::shared_ptr<connection_client> candidate;
  std::string organization_id;
  std::int64_t generation = 0;  // that in_use was made from
  // The Secrets that in_use was made from, and their versions.
  std::vector<connections::secret_version> made_from;
  connections::credential_note note;  // of the credential among them
  connections::memory remembered;     // of the connection's own decisions
  // Outlives its clients. Shared with whoever makes calls.
  std::shared_ptr<call_limits> calls = std::make_shared<call_limits>();
  time_point next_check{};  // of the credential, and of the accounts
  time_point look_since{};  // accounts are to be compared with the Console if they were not since
  std::optional<time_point> revocations_refused;  // the latest refusal: when it may be asked again
  std::map<std::string, orphan> orphans;          // by the account's ID, as of the last look
  std::set<object_key> orphaned_names;            // of the objects that those were made for
  bool attempted = false;                         // a reconcile has come to an end, well or not
  bool recheck = false;     // somebody got a 401 or 403: the credential is to be proven again
  bool rejected = false;    // … and it was a 401: no call is made meanwhile
  std::string told_reason;  // the reason that was last logged
  // The standing that its ServiceAccounts were last queued for.
  accounts::connection_view::standing told = accounts::connection_view::standing::missing;
  accounts::connection_view told_view;  // … and the rest of what they saw
  bool awaited = false;                 // one of them has met it when it was not ready, since then

  bool is_current(std::int64_t object_generation) const {
    return in_use && generation == object_generation && !recheck;
  }
};

class connection_registry {
 public:
  live_connection& at(const object_key& key) { return all_[key]; }
  const live_connection* find(const object_key& key) const {
    const auto found = all_.find(key);
    return found == all_.end() ? nullptr : &found->second;
  }
  void drop(const object_key& key) { all_.erase(key); }

  // The finalizer that holds a connection in use. Operators that select objects by different labels have one
  // each: none of them sees the other's ServiceAccounts, and would let go of what the other uses.
  const std::string& finalizer() const { return finalizer_; }
  void hold_with(std::string finalizer) { finalizer_ = std::move(finalizer); }

  // Accounts whose ServiceAccount is gone, as the last looks of all connections found them.
  std::size_t orphans() const;

  // The candidate is proven: from now on it makes the calls.
  void install(const object_key& key, const connections::install_client& asked);

  // The Console refused a call that `client` made. True: the connection is to be checked again. Only what was
  // learned from the client in use says something about it.
  bool doubt(const object_key& key, const connection_client* client, api_errc code);

  // A call was granted by the connection's limits and has ended. True: the connection is to be reconciled,
  // since calls were blocked or freed by it.
  bool end_call(const object_key& key, const call_limits::permit& given, const api_error* failure,
                time_point now);

  // Leave to renew a token of that ServiceAccount that the Console rejects: a tenth of the connection's
  // `users` in an hour, and one of each; `again`: it has leave that it has not used. `changed`: the
  // connection is to be reconciled, as it has to say so.
  struct revocation {
    bool granted = false;
    time_point retry_at{};
    bool changed = false;
  };
  revocation reserve_revocation(const object_key& key, const std::string& uid, time_point now,
                                std::size_t users, bool again);

  // All accounts are to be compared with the Console from now on, and once more an interval later.
  void begin_look(const object_key& key, const connections::begin_look& asked);

  // The process's clock was set by so much.
  void clock_was_set(duration by);

  // How a ServiceAccount sees the connection; `object` is null when there is none.
  accounts::connection_view view(const object_key& key, const console_connection* object) const;

 private:
  std::string finalizer_{names::finalizer};
  std::map<object_key, live_connection> all_;
  // Outlive their connections: suspending one must not make room for more.
  std::map<object_key, runtime::rolling_quota> revocations_;
};

}  // namespace platformer::controllers
