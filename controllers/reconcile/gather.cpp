#include "controllers/reconcile/gather.hpp"

#include "model/names.hpp"

namespace platformer::controllers {

std::optional<accounts::snapshot> gather_account(const knowledge& known, const object_key& key,
                                                 std::string operation_id) {
  const auto object = known.service_accounts.get(key);
  if (!object) return std::nullopt;
  accounts::snapshot seen;
  seen.object = *object;
  const auto connection = known.connections.get(connection_of(*object));
  seen.connection = known.registry.view(connection_of(*object), connection.get());
  seen.connection.name = object->spec.connection;
  if (const auto secret = known.secrets.get(seen.secret_key())) seen.secret = *secret;
  for (const object_key& each : known.secrets.find(by_owner, object->meta.uid))
    if (const auto owned = known.secrets.get(each)) seen.owned.push_back(*owned);
  seen.cluster_id = known.cluster_id;
  seen.holder = known.holder;
  seen.operation_id = std::move(operation_id);
  // creationTimestamp has whole seconds: only what is surely later counts.
  const auto alone_since = known.alone_since();
  seen.provably_new = alone_since && object->meta.created > *alone_since &&
                      known.service_accounts.seen_live_added(key) &&
                      !object->meta.has_finalizer(names::finalizer);
  return seen;
}

std::optional<connections::snapshot> gather_connection(const knowledge& known, const object_key& key) {
  const auto object = known.connections.get(key);
  if (!object) return std::nullopt;
  connections::snapshot seen;
  seen.object = *object;
  seen.users = known.service_accounts.count(by_connection, key.to_string());
  if (const live_connection* live = known.registry.find(key)) {
    seen.client_is_current = live->is_current(object->meta.generation);
    seen.organization_id = live->organization_id;
  }
  return seen;
}

}  // namespace platformer::controllers
