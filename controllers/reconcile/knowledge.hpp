// What one process of the operator knows: the caches that its watches feed, its live connections, and what it
// remembers of each object. The program has one (app/world.hpp); the simulation has one for each replica.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "controllers/reconcile/connection_registry.hpp"
#include "model/account_outline.hpp"
#include "model/console_connection.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"
#include "runtime/store.hpp"

namespace platformer::controllers {

// Names of the stores' indexes.
inline constexpr std::string_view by_connection =
    "connection";  // ServiceAccounts; term: namespace/name, of a ClusterConsoleConnection name
inline constexpr std::string_view by_namespace =
    "namespace";  // ServiceAccounts that refer to a ClusterConsoleConnection; term: their namespace
inline constexpr std::string_view by_workload = "workload";  // ServiceAccounts; reconcile/restarts.hpp
inline constexpr std::string_view by_owner = "owner";  // Secrets; term: UID of the controlling ServiceAccount

// A namespace, for its labels.
struct namespace_meta {
  object_meta meta;
};

// What this process is asked to watch.
struct watched_scope {
  std::vector<std::string> namespaces;  // none: everything, what has no namespace included
  bool selects_objects = false;         // only ServiceAccounts with certain labels (--selector)

  bool cluster() const { return namespaces.empty(); }
  bool covers(std::string_view ns) const;
};

struct knowledge {
  watched_scope scope;
  std::string cluster_id;
  std::string holder;  // this process, in intents and events

  runtime::store<service_account> service_accounts;
  runtime::store<console_connection> connections;
  runtime::store<console_connection> cluster_connections;  // keys without a namespace
  bool cluster_connections_missing = false;                // their kind is not installed
  runtime::store<secret_meta> secrets;
  runtime::store<namespace_meta> namespaces;  // only when everything is watched
  // The Secrets with credentials and CAs, as far as their watches have told: the version, "" when there is
  // none.
  std::map<object_key, std::string> credential_versions;
  // When the first list of ServiceAccounts was answered, by the apiserver's clock: what was created later is
  // new.
  std::optional<time_point> watching_since;
  // With leader election: when this process began to lead, by the same clock. An earlier leader may have
  // worked on what is older.
  bool elects = false;
  std::optional<time_point> leading_since;

  // Names whose object has vanished while something of it may be left at the Console: somebody took the
  // finalizer away. Who bears such a name next is not new.
  std::set<object_key> left_behind;

  // When accounts of objects that are gone were last written: whoever bears such a name next must not take an
  // older listing for the present, which shows what they left as still theirs. Of the last minute only.
  std::map<object_key, time_point> written_before;

  // By how much its clock was set since it began, all in all (reconcile/clock_set.hpp).
  duration clock_set_by{};

  connection_registry registry;
  std::unordered_map<std::string, accounts::memory> memories;  // by the object's UID

  // `watched`: namespaces, one watch each; none: everything. Packed, objects take a third of the memory and a
  // microsecond each time they are read.
  explicit knowledge(const std::vector<std::string>& watched, bool packed = false);

  // From now on only ServiceAccounts with these labels are seen (--selector).
  void select_objects(const std::string& selector);

  // Of either kind: a key without a namespace is a ClusterConsoleConnection's. Null: there is none.
  std::shared_ptr<const console_connection> connection(const object_key& key) const;
  runtime::store<console_connection>& connections_like(const object_key& key) {
    return key.ns.empty() ? cluster_connections : connections;
  }
  // ServiceAccounts that refer to it.
  std::size_t users_of(const object_key& connection) const {
    return service_accounts.count(by_connection, connection.to_string());
  }
  // What the ServiceAccount of that key shares its turn with, for runtime::work_queue: all that is called
  // through the same connection.
  std::size_t group_of(const object_key& account) const;

  // How that ServiceAccount sees its connection.
  accounts::connection_view view_of(const service_account& object) const;

  // What was created later than this, nobody else can have worked on. nullopt: not known.
  std::optional<time_point> alone_since() const;

  // An account of an earlier object of that name may be left: this process saw that object vanish, or the
  // last look of the connection that the object has now found the account.
  bool may_have_predecessor(const service_account& object) const;

  // The memory of an object for one reconcile, and back. What is gone meanwhile is forgotten.
  // Until it is back there is none here: a token in it is the reconcile's to write.
  accounts::memory recall(const std::string& uid) { return std::exchange(memories[uid], {}); }
  void remember(const object_key& key, const std::string& uid, accounts::memory remembered);
  // The object is gone.
  void forget(const object_key& key, const std::string& uid);
};

// The outline of a ServiceAccount in the cache, whichever way it is kept; refers to it.
inline account_outline outline_of(const runtime::kept_object<service_account>& kept) {
  return kept.whole() != nullptr ? platformer::outline_of(*kept.whole()) : outline_of_packed(kept.packed());
}

// The connection that a ServiceAccount refers to.
inline object_key connection_of(const account_outline& object) {
  return {object.connected_by == connection_kind::namespaced ? std::string(object.ns) : std::string(),
          std::string(object.connection)};
}
inline object_key connection_of(const service_account& object) {
  return connection_key(object);
}

}  // namespace platformer::controllers
