#include "app/connection_registry.hpp"

#include "model/names.hpp"

namespace platformer::app {

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
  return view;
}

}  // namespace platformer::app
