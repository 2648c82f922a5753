// The single deeds of people, one for each fault of that kind.
#include <map>

#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

using models::kube_kind;
using models::kube_object;

const account* people::find_account(const world& in) const {
  const account* found = nullptr;
  in.all.console.for_each_account([&](const models::stored_account& each) {
    const auto mark = find_marker(each.data.description);
    if (found == nullptr && mark && mark->ns == subject.ns && mark->name == subject.name) found = &each.data;
  });
  return found;
}

void people::ask_renewal(world& in, bool again) {
  if (again && renew_values_.size() < 2) return;
  const std::string value =
      again ? renew_values_[renew_values_.size() - 2] : "wish-" + std::to_string(renew_values_.size() + 1);
  edit_object(in, [&](service_account& object) {
    object.meta.annotations[std::string(names::renew_annotation)] = value;
    if (again) return;
    renew_values_.push_back(value);
    ++deeds_.renewals_asked;
  });
}

void people::replace_object(world& in) {
  edit_object(in, [&](service_account& object) {
    if (object.meta.deleted) return;  // that would be somebody who takes the finalizer away: no accident
    object.meta.finalizers.clear();
    object.meta.annotations.erase(std::string(names::operation_annotation));
    ++deeds_.traces_wiped;
  });
}

void people::wipe_status(world& in) {
  const auto found = in.all.kube.get(kube_kind::service_account, subject);
  if (!found) return;
  kube_object changed = **found;
  std::get<service_account>(changed).status = {};
  ++deeds_.all;
  ++deeds_.traces_wiped;
  (void)in.all.kube.update_status(std::move(changed), in.now);
}

void people::recreate_object(world& in) {
  const auto found = in.all.kube.get(kube_kind::service_account, subject);
  if (!found) return;
  service_account again = std::get<service_account>(**found);
  if (again.meta.deleted || recreate_) return;
  const std::string renew(again.meta.annotation(names::renew_annotation));
  again.meta = {};
  if (!renew.empty()) again.meta.annotations[std::string(names::renew_annotation)] = renew;
  again.spec.suspend = false;
  // What was orphaned is nobody's: the new object needs a name of its own.
  if (again.spec.deletion == deletion_policy::orphan)
    again.spec.secret.name = "ci-bot-token" + std::to_string(++edits_);
  again.meta.name = subject.name;
  again.meta.ns = subject.ns;
  again.status = {};
  recreate_ = std::move(again);
  delete_object(in);
}

void people::delete_object(world& in) {
  ++deeds_.all;
  (void)in.all.kube.remove(kube_kind::service_account, subject, {}, in.now);
}

void people::delete_secret(world& in) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object) return;
  const std::string& name = std::get<service_account>(**object).spec.secret.name;
  if (!in.all.kube.remove(kube_kind::secret, {subject.ns, name}, {}, in.now)) return;
  ++deeds_.all;
  ++deeds_.secrets_spoiled;
}

void people::put_back_secret(world& in) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object) return;
  const object_key key{subject.ns, std::get<service_account>(**object).spec.secret.name};
  std::vector<models::kube_pointer> versions;
  for (const models::kube_change& each : in.all.kube.history(kube_kind::secret))
    if (each.after && key_of(models::meta_of(*each.after)) == key) versions.push_back(each.after);
  if (versions.size() < 2) return;
  const auto& old = std::get<secret_content>(*versions[versions.size() - 2]);
  // A backup from before this object's time, put into its Secret, can't be told from a newer one of its own.
  const owner_reference* owner = old.meta.controller();
  if (owner == nullptr || owner->uid != models::meta_of(**object).uid) return;
  look_later(in);  // as after strip_secret
  edit_secret(in, [&](secret_content& secret) {
    secret.data = old.data;
    secret.meta.annotations = old.meta.annotations;
    secret.meta.labels = old.meta.labels;
  });
}

void people::create_foreign_secret(world& in) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object) return;
  secret_content foreign;
  foreign.meta.name = std::get<service_account>(**object).spec.secret.name;
  foreign.meta.ns = subject.ns;
  foreign.type = "Opaque";
  foreign.data["password"] = secret_entry_of("somebody else's");
  const object_key key = key_of(foreign.meta);
  const auto made = in.all.kube.create(kube_object(foreign), in.now);
  if (!made) return;
  ++deeds_.all;
  later(in, [key, uid = models::meta_of(**made).uid](world& then) {
    const auto found = then.all.kube.get(kube_kind::secret, key);
    if (!found || models::meta_of(**found).uid != uid) return;
    (void)then.all.kube.remove(kube_kind::secret, key, {uid, ""}, then.now);
  });
}

void people::look_later(world& in) {
  if (connection_looks_) return;  // then nobody has to ask for it
  later(in, [](world& then) {
    then.crowd.edit_object(then, [&](service_account& object) {
      object.meta.annotations[std::string(names::reconcile_annotation)] =
          "look-" + std::to_string(++then.crowd.edits_);
    });
  });
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
  if (!is_tried) later(in, [](world& then) { then.crowd.ask_renewal(then, false); });
}

void people::edit_strategy(world& in) {
  edit_object(in, [](service_account& object) {
    token_strategy& its = object.spec.token.strategy;
    its = its == token_strategy::replace ? token_strategy::in_place : token_strategy::replace;
    if (its == token_strategy::in_place) object.spec.secret.previous_key.clear();
  });
}

void people::suspend_connection(world& in) {
  const auto set = [](bool value) {
    return [value](console_connection& connection) { connection.spec.suspend = value; };
  };
  edit_connection(in, set(true));
  later(in, [set](world& then) { then.crowd.edit_connection(then, set(false)); });
}

void people::suspend(world& in) {
  const auto set = [](bool value) {
    return [value](service_account& object) { object.spec.suspend = value; };
  };
  edit_object(in, set(true));
  later(in, [set](world& then) { then.crowd.edit_object(then, set(false)); });
}

void people::edit_spec(world& in, fault what) {
  edit_object(in, [&](service_account& object) {
    const std::string number = std::to_string(++edits_);
    if (what == fault::edit_access)
      object.spec.own.permissions = {edits_ % 2 == 0 ? "rudder.app.viewer" : "rudder.app.editor"};
    if (what == fault::edit_description) object.spec.description = "text " + number;
    if (what == fault::rename_secret) object.spec.secret.name = "ci-bot-token" + number;
    if (what == fault::rename_key) object.spec.secret.key = "key" + number;
  });
}

// Without owner, labels and notes a Secret is nobody's, and only who did that can put it right.
void people::restore_unowned_later(world& in) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object) return;
  const auto found =
      in.all.kube.get(kube_kind::secret, {subject.ns, std::get<service_account>(**object).spec.secret.name});
  if (!found || models::meta_of(**found).controller() != nullptr || models::meta_of(**found).labels.empty())
    return;
  later(in, [kept = models::meta_of(**found)](world& then) {
    const auto now = then.all.kube.get(kube_kind::secret, key_of(kept));
    if (!now || models::meta_of(**now).uid != kept.uid || models::meta_of(**now).controller() != nullptr)
      return;
    kube_object changed = **now;
    models::meta_of(changed).labels = kept.labels;
    models::meta_of(changed).annotations = kept.annotations;
    (void)then.all.kube.update(std::move(changed), then.now);
  });
}

void people::spoil_secret(world& in, fault what) {
  if (what == fault::strip_secret) restore_unowned_later(in);
  // The notes of an account that was replaced may go; the next look at the Console finds it.
  if (what == fault::strip_secret) look_later(in);
  edit_secret(in, [&](secret_content& secret) {
    if (what == fault::empty_secret) secret.data.clear();
    if (what == fault::overwrite_token)
      for (auto& [key, entry] : secret.data)
        entry = secret_entry_of("not a token");
    if (what != fault::strip_secret) return;
    secret.meta.labels.clear();
    secret.meta.annotations.clear();
  });
}

void people::act(world& in, fault what) {
  if (what >= fault::edit_access && what <= fault::rename_key) return edit_spec(in, what);
  if (what == fault::ask_renewal || what == fault::ask_renewal_again)
    return ask_renewal(in, what == fault::ask_renewal_again);
  if (what >= fault::empty_secret && what <= fault::strip_secret) return spoil_secret(in, what);
  using deed = void (people::*)(world&);
  static const std::map<fault, deed> deeds = {{fault::replace_object, &people::replace_object},
                                              {fault::recreate_object, &people::recreate_object},
                                              {fault::delete_object, &people::delete_object},
                                              {fault::delete_secret, &people::delete_secret},
                                              {fault::put_back_secret, &people::put_back_secret},
                                              {fault::foreign_secret, &people::create_foreign_secret},
                                              {fault::wipe_status, &people::wipe_status},
                                              {fault::suspend, &people::suspend},
                                              {fault::delete_account, &people::delete_account},
                                              {fault::edit_account, &people::edit_account},
                                              {fault::unmark_account, &people::unmark_account},
                                              {fault::revoke_token, &people::revoke_token},
                                              {fault::edit_strategy, &people::edit_strategy},
                                              {fault::suspend_connection, &people::suspend_connection}};
  (this->*deeds.at(what))(in);
}

}  // namespace platformer::sim
