#include "controllers/reconcile/gather.hpp"

#include <algorithm>
#include <utility>

#include "controllers/reconcile/restarts.hpp"
#include "model/names.hpp"

namespace platformer::controllers {
namespace {

// A Secret that is gone, or newer than what the client was made from. Its watch may lag behind our own read.
bool is_outdated(const knowledge& known, const connections::secret_version& used) {
  const auto told = known.credential_versions.find(used.key);
  if (told == known.credential_versions.end()) return false;
  return told->second.empty() || (told->second != used.version && is_newer(told->second, used.version));
}

// Whoever this process remembers does not wait: it may hold a token that is to be written.
bool comes_with_its_connection(knowledge& known, const account_outline& object) {
  const object_key connection = connection_of(object);
  if (known.connections_like(connection).find_kept(connection) == nullptr ||
      known.memories.contains(std::string(object.uid)))
    return false;
  live_connection& live = known.registry.at(connection);
  if (live.attempted) return false;
  live.awaited = true;
  return true;
}

}  // namespace

std::optional<accounts::snapshot> gather_account(knowledge& known, const object_key& key,
                                                 std::string operation_id) {
  const auto* kept = known.service_accounts.find_kept(key);
  if (kept == nullptr || comes_with_its_connection(known, outline_of(*kept))) return std::nullopt;
  const auto object = known.service_accounts.get(key);
  // Filled where it is returned from: it is large.
  std::optional<accounts::snapshot> gathered(std::in_place);
  accounts::snapshot& seen = *gathered;
  seen.object = object;
  seen.connection = known.view_of(*object);
  using standing = accounts::connection_view::standing;
  // Unknown is also one whose finalizer somebody has just taken away.
  if (seen.connection.state == standing::not_ready || seen.connection.state == standing::unknown)
    known.registry.at(connection_of(*object)).awaited = true;
  seen.secret = known.secrets.get(seen.secret_key());
  const auto owned = known.secrets.find(by_owner, object->meta.uid);
  seen.owned.reserve(owned.size());
  for (const object_key& each : owned)
    if (auto secret = known.secrets.get(each)) seen.owned.push_back(std::move(secret));
  seen.restarts = gather_restarts(known, *object);
  seen.cluster_id = known.cluster_id;
  seen.holder = known.holder;
  seen.operation_id = std::move(operation_id);
  if (const auto before = known.written_before.find(key); before != known.written_before.end()) {
    time_point& written = known.memories[object->meta.uid].account_written_at;
    written = std::max(written, before->second);
  }
  // creationTimestamp has whole seconds: only what is surely later counts.
  const auto alone_since = known.alone_since();
  seen.provably_new = alone_since && object->meta.created > *alone_since &&
                      known.service_accounts.seen_live_added(key) && !known.may_have_predecessor(*object) &&
                      !object->meta.has_finalizer(names::finalizer);
  return gathered;
}

bool still_allows(const knowledge& known, const accounts::snapshot& seen) {
  const accounts::connection_view by = known.view_of(*seen.object);
  if (by.suspended) return false;
  return seen.object->meta.deleted ||
         (by.admits == seen.connection.admits && by.allowed == seen.connection.allowed &&
          by.adoptable == seen.connection.adoptable);
}

std::optional<connections::snapshot> gather_connection(const knowledge& known, const object_key& key,
                                                       time_point now, std::string operation_id) {
  const auto object = known.connection(key);
  if (!object) return std::nullopt;
  connections::snapshot seen;
  seen.object = *object;
  seen.users = known.users_of(key);
  seen.sees_all_users = !known.scope.selects_objects;
  seen.finalizer = known.registry.finalizer();
  seen.cluster_id = known.cluster_id;
  seen.holder = known.holder;
  seen.operation_id = std::move(operation_id);
  const live_connection* live = known.registry.find(key);
  if (live == nullptr) return seen;
  seen.client_is_current =
      live->is_current(object->meta.generation) &&
      std::none_of(live->made_from.begin(), live->made_from.end(),
                   [&](const connections::secret_version& each) { return is_outdated(known, each); });
  seen.has_client = live->in_use != nullptr;
  seen.note = live->note;
  if (!live->made_from.empty()) seen.credential_version = live->made_from.front().version;
  seen.organization_id = live->organization_id;
  seen.paused_until = live->calls->paused_until(now);
  seen.breaker_open = live->calls->breaker_open();
  seen.next_call = live->calls->next_call(now);
  // A clock that was set back must not put the next look off.
  if (seen.has_client && object->spec.interval > duration{0})
    seen.check_due = std::min(live->next_check, now + object->spec.interval);
  seen.tokens_refused_until = live->revocations_refused;
  return seen;
}

}  // namespace platformer::controllers
