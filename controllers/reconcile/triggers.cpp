#include "controllers/reconcile/triggers.hpp"

#include "model/names.hpp"

namespace platformer::controllers {
namespace {

using runtime::change_kind;
using runtime::change_source;
using runtime::queue_priority;

queue_priority priority_of(change_source source) {
  return source == change_source::list ? queue_priority::low : queue_priority::normal;
}

// Its finalizer follows whether it is used.
void queue_connection(const knowledge& known, const object_key& key, const enqueue_function& enqueue) {
  const auto connection = known.connections.get(key);
  if (!connection) return;
  const bool used = known.service_accounts.count(by_connection, key.to_string()) != 0;
  if (used != connection->meta.has_finalizer(names::finalizer) || connection->meta.deleted)
    enqueue({work_kind::console_connection, key}, queue_priority::normal);
}

}  // namespace

void on_change(knowledge& known, const runtime::store_change<service_account>& change, change_source source,
               const enqueue_function& enqueue) {
  const bool gone = change.kind == change_kind::deleted;
  if (gone || (change.before && change.before->meta.uid != change.after->meta.uid))
    known.memories.erase(change.before->meta.uid);
  if (change.kind != change_kind::updated)
    queue_connection(known, connection_of(gone ? *change.before : *change.after), enqueue);
  if (!gone) enqueue({work_kind::service_account, change.key}, priority_of(source));
}

void on_change(knowledge&, const runtime::store_change<console_connection>& change, change_source source,
               const enqueue_function& enqueue) {
  enqueue({work_kind::console_connection, change.key}, priority_of(source));
}

void on_change(knowledge&, const runtime::store_change<secret_meta>& change, change_source source,
               const enqueue_function& enqueue) {
  for (const auto& each : {change.before, change.after}) {
    const owner_reference* controller = each ? each->meta.controller() : nullptr;
    if (controller != nullptr && controller->kind == names::service_account_kind)
      enqueue({work_kind::service_account, {each->meta.ns, controller->name}}, priority_of(source));
  }
}

void note_write(knowledge& known, console_connection written, const enqueue_function& enqueue) {
  const object_key key = key_of(written.meta);
  known.connections.note_write(std::move(written));
  queue_connection(known, key, enqueue);
}

void tell_accounts(knowledge& known, const object_key& connection, accounts::connection_view::standing before,
                   const enqueue_function& enqueue) {
  const auto object = known.connections.get(connection);
  if (object) {
    live_connection& live = known.registry.at(connection);
    live.attempted = true;
    live.told = known.registry.view(connection, object.get()).state;
    if (live.told == before) return;
  } else if (before == accounts::connection_view::standing::missing) {
    return;
  }
  for (const object_key& each : known.service_accounts.find(by_connection, connection.to_string()))
    enqueue({work_kind::service_account, each}, queue_priority::normal);
}

}  // namespace platformer::controllers
