// The single deeds of people, one for each fault of that kind.
#include <algorithm>
#include <map>

#include "model/names.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

using models::kube_kind;
using models::kube_object;

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

void people::ask_renewal_for_good(world& in) {
  const std::size_t before = renew_values_.size();
  ask_renewal(in, false);
  if (renew_values_.size() == before) return;  // there is nothing left to ask for
  later(in, [asked = renew_values_.back()](world& then) {
    const auto found = then.all.kube.get(kube_kind::service_account, then.crowd.subject);
    if (!found) return;
    const auto wanted = std::get<service_account>(**found).meta.annotation(names::renew_annotation);
    const auto& all = then.crowd.renew_values_;
    // Reverted; a later wish is as good.
    const auto at = std::find(all.begin(), all.end(), wanted);
    if (at < std::find(all.begin(), all.end(), asked)) then.crowd.ask_renewal_for_good(then);
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

void people::look_later(world& in) {
  if (connection_looks_) return;  // then nobody has to ask for it
  later(in, [](world& then) {
    then.crowd.edit_object(then, [&](service_account& object) {
      object.meta.annotations[std::string(names::reconcile_annotation)] =
          "look-" + std::to_string(++then.crowd.edits_);
    });
  });
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
