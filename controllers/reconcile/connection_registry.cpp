#include "controllers/reconcile/connection_registry.hpp"

#include <algorithm>

#include "controllers/reconcile/clock_set.hpp"
#include "model/names.hpp"
#include "runtime/settable_clock.hpp"

namespace platformer::controllers {
namespace {

// What the credential's Secret lacks is no reason to make anything with the one before; only to let go.
bool lost_its_credential(const condition* ready) {
  return ready != nullptr && !ready->status &&
         (ready->reason == reason::credentials_not_found.name ||
          ready->reason == reason::credentials_rejected.name);
}

std::string blocked_message(const call_limits& calls) {
  return calls.breaker_open() ? "the Console does not answer; calls go on when it does"
                              : "the Console asked for a pause";
}

}  // namespace

std::size_t connection_registry::orphans() const {
  std::size_t all = 0;
  for (const auto& [key, live] : all_)
    all += static_cast<std::size_t>(
        std::count_if(live.orphans.begin(), live.orphans.end(),
                      [](const auto& each) { return each.second.looks >= orphan::looks_needed; }));
  return all;
}

void connection_registry::install(const object_key& key, const connections::install_client& asked) {
  live_connection& live = at(key);
  live.in_use = std::move(live.candidate);
  live.organization_id = asked.organization_id;
  live.made_from = asked.made_from;
  live.note = asked.note;
  live.generation = asked.generation;
  live.next_check = asked.next_check;
  live.recheck = live.rejected = false;
}

bool connection_registry::doubt(const object_key& key, const connection_client* client, api_errc code) {
  if (code != api_errc::unauthorized && code != api_errc::forbidden) return false;
  live_connection& live = at(key);
  if (live.in_use.get() != client || live.recheck) return false;
  live.recheck = true;
  live.rejected = code == api_errc::unauthorized;
  return true;
}

bool connection_registry::end_call(const object_key& key, const call_limits::permit& given,
                                   const api_error* failure, time_point now) {
  const auto found = all_.find(key);
  if (found == all_.end()) return false;
  live_connection& live = found->second;
  if (!live.calls->end(given, failure, now)) return false;
  // Whoever looks from now on until the connection's next reconcile has to be told when it is over.
  if (live.calls->blocked()) live.told = accounts::connection_view::standing::not_ready;
  return true;
}

connection_registry::revocation connection_registry::reserve_revocation(const object_key& key,
                                                                        const std::string& uid,
                                                                        time_point now, std::size_t users,
                                                                        bool again) {
  std::erase_if(revocations_, [&](const auto& each) { return each.second.taken(now) == 0; });
  runtime::rolling_quota& quota = revocations_[key];
  if (again ? quota.retake(uid, users, now) : quota.try_take(uid, users, now)) return {.granted = true};
  revocation refused{.retry_at = quota.next_available(uid, users, now)};
  // One account that is rejected again and again says nothing about the others.
  if (quota.taken(now) < runtime::rolling_quota::limit_of(users)) return refused;
  live_connection& live = at(key);
  refused.changed = !live.revocations_refused;
  live.revocations_refused = refused.retry_at;
  return refused;
}

void connection_registry::begin_look(const object_key& key, const connections::begin_look& asked) {
  live_connection& live = at(key);
  live.look_since = asked.since;
  live.next_check = asked.next;
}

void connection_registry::clock_was_set(duration by) {
  using runtime::move_moment;
  for (auto& [key, live] : all_) {
    move_moment(live.next_check, by);
    move_moment(live.look_since, by);
    move_moment(live.told_view.look_since, by);
    if (live.revocations_refused) *live.revocations_refused += by;
    for (auto& [id, each] : live.orphans)
      each.since += by;
    move_moments(live.remembered, by);
    live.calls->clock_was_set(by);
    for (const auto& client : {live.in_use, live.candidate})
      if (client) client->clock_was_set(by);
  }
  for (auto& [key, quota] : revocations_)
    quota.clock_was_set(by);
}

accounts::connection_view connection_registry::view(const object_key& key,
                                                    const console_connection* object) const {
  using standing = accounts::connection_view::standing;
  accounts::connection_view view;
  view.name = key.name;
  if (object == nullptr) return view;
  view.gateway = object->spec.gateway;
  view.allowed = object->spec.allowed;
  view.adoptable = object->spec.adoptable;
  view.suspended = object->spec.suspend;
  const live_connection* live = find(key);
  if (live == nullptr || !live->attempted) {
    view.state = standing::unknown;
    return view;
  }
  view.organization_id = live->organization_id;
  view.timeout = object->spec.timeout;
  view.look_since = live->look_since;
  view.state = standing::not_ready;
  if (view.suspended) {
    view.message = "its spec.suspend is true, which freezes every call";
    return view;
  }
  if (live->in_use && live->calls->blocked()) {
    view.message = blocked_message(*live->calls);
    return view;
  }
  if (object->meta.deleted) {
    view.message = "it is being deleted";
    if (live->in_use) view.state = standing::closing;
    return view;
  }
  if (!object->meta.has_finalizer(finalizer_)) {
    // It takes its finalizer as soon as it is used; until then it could vanish under an account.
    view.state = standing::unknown;
    return view;
  }
  const condition* ready = find_condition(object->status.conditions, "Ready");
  if (live->in_use && live->generation == object->meta.generation && !live->rejected &&
      !lost_its_credential(ready)) {
    view.state = standing::ready;
    return view;
  }
  view.message = ready != nullptr && !ready->status
                     ? clean_message(ready->reason + ": " + ready->message, 512)
                     : std::string("it is being checked");
  // The accounts are where the client in use was made for: there they can still be let go of.
  if (live->in_use && !live->rejected && ready != nullptr &&
      (ready->reason == reason::organization_changed.name || lost_its_credential(ready)))
    view.state = standing::closing;
  return view;
}

}  // namespace platformer::controllers
