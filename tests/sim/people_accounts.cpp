// What people do at the Console.
#include "model/marker.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

using models::kube_kind;

const account* people::find_account(const world& in) const {
  const account* found = nullptr;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    if (found == nullptr && mark && mark->ns == subject.ns && mark->name == subject.name) found = &each.data;
  });
  return found;
}

void people::delete_account(world& in) {
  const account* found = find_account(in);
  if (found == nullptr) return;
  ++deeds_.all;
  ++deeds_.accounts_removed;
  (void)in.all.console.remove_by_hand(std::string(found->id), in.now);
  look_later(in);
}

void people::edit_account(world& in) {
  const account* found = find_account(in);
  if (found == nullptr) return;
  ++deeds_.all;
  account_fields fields;
  fields.roles = string_set{"rudder.app.creator"};
  (void)in.all.console.edit_by_hand(std::string(found->id), fields, in.now);
  look_later(in);
}

void people::unmark_account(world& in) {
  const account* found = find_account(in);
  if (found == nullptr) return;
  ++deeds_.all;
  ++deeds_.accounts_unmarked;
  const std::string id = found->id;
  const std::string marked = found->description;
  account_fields fields;
  fields.description = "mine now";
  (void)in.all.console.edit_by_hand(id, fields, in.now);
  last_unmarked_ = in.now;
  later(in, [id, marked](world& then) {
    // What belongs to nobody any more is cleared away by who took it.
    const auto object = then.all.kube.get(kube_kind::service_account, then.crowd.subject);
    const auto mark = find_marker(marked);
    const auto* now = then.all.console.find(id);
    if (now == nullptr || find_marker(now->data.description)) return;  // it has found another owner
    if (!object || !mark || models::meta_of(**object).uid != mark->uid) {
      (void)then.all.console.remove_by_hand(id, then.now);
      return then.crowd.look_later(then);
    }
    account_fields back;
    back.description = marked;
    (void)then.all.console.edit_by_hand(id, back, then.now);
    // By now it is a second one, where the object goes before anybody looks.
    if (std::get<service_account>(**object).status.account_id != id) then.crowd.abandon(mark->uid);
    then.crowd.look_later(then);
  });
}

void people::revoke_token(world& in) {
  const account* found = find_account(in);
  if (found == nullptr) return;
  ++deeds_.all;
  ++deeds_.tokens_revoked;
  (void)in.all.console.revoke_by_hand(std::string(found->id), in.now);
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  const bool is_tried =
      object && std::get<service_account>(**object).spec.token.verify_interval > duration{0};
  if (!is_tried) later(in, [](world& then) { then.crowd.ask_renewal_for_good(then); });
}

}  // namespace platformer::sim
