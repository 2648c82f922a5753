#include "app/gather.hpp"

#include "model/names.hpp"

namespace platformer::app {

std::optional<accounts::snapshot> gather_account(const world& in, const object_key& key,
                                                 std::string operation_id) {
  const auto object = in.service_accounts.get(key);
  if (!object) return std::nullopt;
  accounts::snapshot seen;
  seen.object = *object;
  const auto connection = in.connections.get(connection_of(*object));
  seen.connection = in.registry.view(connection_of(*object), connection.get());
  seen.connection.name = object->spec.connection;
  if (const auto secret = in.secrets.get(seen.secret_key())) seen.secret = *secret;
  for (const object_key& each : in.secrets.find(by_owner, object->meta.uid))
    if (const auto owned = in.secrets.get(each)) seen.owned.push_back(*owned);
  seen.cluster_id = in.cluster_id;
  seen.holder = in.holder;
  seen.operation_id = std::move(operation_id);
  // creationTimestamp has whole seconds: only what is surely later than the first list counts.
  seen.provably_new = in.watching_since && object->meta.created > *in.watching_since &&
                      in.service_accounts.seen_live_added(key) &&
                      !object->meta.has_finalizer(names::finalizer);
  return seen;
}

std::optional<connections::snapshot> gather_connection(const world& in, const object_key& key) {
  const auto object = in.connections.get(key);
  if (!object) return std::nullopt;
  connections::snapshot seen;
  seen.object = *object;
  seen.users = in.service_accounts.count(by_connection, key.to_string());
  if (const live_connection* live = in.registry.find(key)) {
    seen.client_is_current = live->is_current(object->meta.generation);
    seen.organization_id = live->organization_id;
  }
  return seen;
}

}  // namespace platformer::app
