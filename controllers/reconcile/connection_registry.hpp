// The live side of every ConsoleConnection: its client, credential and organization. The one in use stays
// until a newer one is proven, and until the connection is gone, so that accounts can still be deleted when a
// namespace takes its credentials first.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "controllers/console_connection/effects.hpp"
#include "controllers/service_account/snapshot.hpp"
#include "model/console_connection.hpp"

namespace platformer::controllers {

// What makes a connection's calls; only who made it knows more.
class connection_client {
 public:
  virtual ~connection_client() = default;
};

struct live_connection {
  std::shared_ptr<connection_client> in_use;  // null: none was ever proven
  std::shared_ptr<connection_client> candidate;
  std::string organization_id;
  std::int64_t generation = 0;  // that in_use was made from
  bool attempted = false;       // a reconcile has come to an end, well or not
  bool recheck = false;         // somebody got a 401 or 403: the credential is to be proven again
  bool rejected = false;        // … and it was a 401: no call is made meanwhile
  std::string told_reason;      // the reason that was last logged
  // The standing that its ServiceAccounts were last queued for.
  accounts::connection_view::standing told = accounts::connection_view::standing::missing;

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

  // The candidate is proven: from now on it makes the calls.
  void install(const object_key& key, const connections::install_client& asked);

  // The Console refused a call that `client` made. True: the connection is to be checked again. Only what was
  // learned from the client in use says something about it.
  bool doubt(const object_key& key, const connection_client* client, api_errc code);

  // How a ServiceAccount sees the connection; `object` is null when there is none.
  accounts::connection_view view(const object_key& key, const console_connection* object) const;

 private:
  std::map<object_key, live_connection> all_;
};

}  // namespace platformer::controllers
