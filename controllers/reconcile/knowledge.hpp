// What one process of the operator knows: the caches that its watches feed, its live connections, and what it
// remembers of each object. The program has one (app/world.hpp); the simulation has one for each replica.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "controllers/reconcile/connection_registry.hpp"
#include "model/console_connection.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"
#include "runtime/store.hpp"

namespace platformer::controllers {

// Names of the stores' indexes.
inline constexpr std::string_view by_connection = "connection";  // ServiceAccounts; term: namespace/name
inline constexpr std::string_view by_owner = "owner";  // Secrets; term: UID of the controlling ServiceAccount

struct knowledge {
  std::string cluster_id;
  std::string holder;  // this process, in intents and events

  runtime::store<service_account> service_accounts;
  runtime::store<console_connection> connections;
  runtime::store<secret_meta> secrets;
  // When the first list of ServiceAccounts was answered, by the apiserver's clock: what was created later is
  // new.
  std::optional<time_point> watching_since;
  // With leader election: when this process began to lead, by the same clock. An earlier leader may have
  // worked on what is older.
  bool elects = false;
  std::optional<time_point> leading_since;

  connection_registry registry;
  std::unordered_map<std::string, accounts::memory> memories;  // by the object's UID

  // `namespaces`: what is watched, one watch each; none: everything.
  explicit knowledge(const std::vector<std::string>& namespaces);

  // What was created later than this, nobody else can have worked on. nullopt: not known.
  std::optional<time_point> alone_since() const;

  // The memory of an object for one reconcile, and back. What is gone meanwhile is forgotten.
  accounts::memory recall(const std::string& uid) { return std::move(memories[uid]); }
  void remember(const object_key& key, const std::string& uid, accounts::memory remembered);
};

// The connection that a ServiceAccount refers to.
inline object_key connection_of(const service_account& object) {
  return {object.meta.ns, object.spec.connection};
}

}  // namespace platformer::controllers
