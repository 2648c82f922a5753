#include "controllers/reconcile/connection_registry.hpp"

#include "model/names.hpp"

namespace platformer::controllers {

void connection_registry::install(const object_key& key, const connections::install_client& asked) {
  live_connection& live = at(key);
  live.in_use = std::move(live.candidate);
  live.organization_id = asked.organization_id;
  live.generation = asked.generation;
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

accounts::connection_view connection_registry::view(const object_key& key,
                                                    const console_connection* object) const {
  using standing = accounts::connection_view::standing;
  accounts::connection_view view;
  view.name = key.name;
  if (object == nullptr) return view;
  const live_connection* live = find(key);
  if (live == nullptr || !live->attempted) {
    view.state = standing::unknown;
    return view;
  }
  view.organization_id = live->organization_id;
  view.timeout = object->spec.timeout;
  view.state = standing::not_ready;
  if (object->meta.deleted) {
    view.message = "it is being deleted";
    if (live->in_use) view.state = standing::closing;
    return view;
  }
  if (!object->meta.has_finalizer(names::finalizer)) {
    // It takes its finalizer as soon as it is used; until then it could vanish under an account.
    view.state = standing::unknown;
    return view;
  }
  if (live->in_use && live->generation == object->meta.generation && !live->rejected) {
    view.state = standing::ready;
    return view;
  }
  const condition* ready = find_condition(object->status.conditions, "Ready");
  view.message = ready != nullptr && !ready->status
                     ? clean_message(ready->reason + ": " + ready->message, 512)
                     : std::string("it is being checked");
  // The accounts are where the client in use was made for: there they can still be let go of.
  if (live->in_use && !live->rejected && ready != nullptr &&
      ready->reason == reason::organization_changed.name)
    view.state = standing::closing;
  return view;
}

}  // namespace platformer::controllers
