#include "controllers/reconcile/triggers.hpp"

#include <array>
#include <utility>

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
  const auto connection = known.connection(key);
  if (!connection) return;
  const bool used = known.users_of(key) != 0;
  if (used != connection->meta.has_finalizer(known.registry.finalizer()) || connection->meta.deleted)
    enqueue({work_kind::console_connection, key}, queue_priority::normal);
}

// Everything but the moment of the next look, and words.
bool alike(const accounts::connection_view& a, const accounts::connection_view& b) {
  return a.state == b.state && a.suspended == b.suspended && a.allowed == b.allowed &&
         a.adoptable == b.adoptable && a.organization_id == b.organization_id && a.gateway == b.gateway &&
         a.timeout == b.timeout;
}

// Whom a connection that works again serves first.
enum class turn : std::uint8_t { deletion, renew_request, work, at_rest };
constexpr std::size_t turns = 4;

turn turn_of(const account_outline& object) {
  if (object.deleted) return turn::deletion;
  if (!object.renew.empty() && object.renew != object.last_handled_renew) return turn::renew_request;
  const bool at_rest = object.ready.value_or(false) && object.observed_generation == object.generation;
  return at_rest ? turn::at_rest : turn::work;
}

void queue_users(const knowledge& known, const object_key& connection, const enqueue_function& enqueue) {
  std::array<std::vector<object_key>, turns> all;
  for (const object_key& each : known.service_accounts.find(by_connection, connection.to_string()))
    all[static_cast<std::size_t>(turn_of(outline_of(*known.service_accounts.find_kept(each))))].push_back(
        each);
  for (std::size_t i = 0; i < turns; ++i)
    for (const object_key& each : all[i])
      enqueue({work_kind::service_account, each},
              static_cast<turn>(i) == turn::at_rest ? queue_priority::low : queue_priority::normal);
}

// Enough for whoever meets that; what does not fit is found by the next look for orphans.
constexpr std::size_t left_behind_at_most = 10'000;

// We take our own finalizer away when nothing is left, and note that at once.
bool vanished_too_early(const service_account& last) {
  const bool was_begun =
      !last.status.account_id.empty() || !last.meta.annotation(names::operation_annotation).empty();
  return last.meta.deleted ? last.meta.has_finalizer(names::finalizer) : was_begun;
}

void note_what_is_left(knowledge& known, const object_key& key, const service_account& last) {
  if (!vanished_too_early(last)) return;
  if (known.left_behind.size() >= left_behind_at_most) known.left_behind.erase(known.left_behind.begin());
  known.left_behind.insert(key);
}

}  // namespace

void on_change(knowledge& known, const runtime::store_change<service_account>& change, change_source source,
               const enqueue_function& enqueue) {
  const bool gone = change.kind == change_kind::deleted;
  if (gone || (change.before && change.before->meta.uid != change.after->meta.uid)) {
    known.forget(change.key, change.before->meta.uid);
    note_what_is_left(known, change.key, *change.before);
  }
  // Held again: from now on that says enough.
  if (!gone && !known.left_behind.empty() && change.after->meta.has_finalizer(names::finalizer))
    known.left_behind.erase(change.key);
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

void on_change(knowledge& known, const runtime::store_change<namespace_meta>& change, change_source source,
               const enqueue_function& enqueue) {
  if (change.before && change.after && change.before->meta.labels == change.after->meta.labels) return;
  for (const object_key& each : known.service_accounts.find(by_namespace, change.key.name))
    enqueue({work_kind::service_account, each}, priority_of(source));
}

std::set<object_key> credential_secrets(const knowledge& known) {
  std::set<object_key> all;
  const auto add = [&](const object_key&, const console_connection& each) {
    all.insert(each.secret_key(each.spec.credentials));
    if (each.spec.ca_bundle) all.insert(each.secret_key(*each.spec.ca_bundle));
  };
  known.connections.for_each(add);
  known.cluster_connections.for_each(add);
  return all;
}

void on_credential(knowledge& known, const object_key& secret, const std::string& version,
                   const enqueue_function& enqueue) {
  const auto [told, first] = known.credential_versions.try_emplace(secret, version);
  if (!first && told->second == version) return;
  told->second = version;
  const auto queue = [&](const object_key& key, const console_connection& each) {
    const bool names_it = each.secret_key(each.spec.credentials) == secret ||
                          (each.spec.ca_bundle && each.secret_key(*each.spec.ca_bundle) == secret);
    if (names_it) enqueue({work_kind::console_connection, key}, queue_priority::normal);
  };
  known.connections.for_each(queue);
  known.cluster_connections.for_each(queue);
}

void note_write(knowledge& known, console_connection written, const enqueue_function& enqueue) {
  const object_key key = key_of(written.meta);
  known.connections_like(key).note_write(std::move(written));
  queue_connection(known, key, enqueue);
}

void tell_accounts(knowledge& known, const object_key& connection, accounts::connection_view::standing before,
                   const enqueue_function& enqueue) {
  const auto object = known.connection(connection);
  if (!object) {
    if (before != accounts::connection_view::standing::missing) queue_users(known, connection, enqueue);
    return;
  }
  live_connection& live = known.registry.at(connection);
  // Many have waited for that without being looked at, and have more to do than calls.
  const bool first = !std::exchange(live.attempted, true);
  const accounts::connection_view now = known.registry.view(connection, object.get());
  // Between two readings it may have been otherwise, and whoever met it then waits.
  const bool waits =
      now.state == accounts::connection_view::standing::ready && std::exchange(live.awaited, false);
  const bool same = live.told == now.state && alike(live.told_view, now) && !waits;
  const bool look = now.look_since != live.told_view.look_since;
  live.told = now.state;
  live.told_view = now;
  if (!first && ((same && !look) || live.calls->blocked())) return;
  queue_users(known, connection, enqueue);
}

}  // namespace platformer::controllers
