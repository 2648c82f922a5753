#include "tests/sim/people.hpp"

#include <algorithm>

#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;
using models::kube_object;

constexpr duration second_thoughts = std::chrono::minutes(10);

}  // namespace

secret_entry secret_entry_of(std::string_view text) {
  return {std::make_shared<const secret_string>(text), models::fast_fingerprint(text)};
}

bool people::abandoned(const std::string& uid) const {
  return std::find(abandoned_.begin(), abandoned_.end(), uid) != abandoned_.end();
}

void people::abandon_if_gone(const world& in, const std::string& uid) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object || models::meta_of(**object).uid != uid) abandoned_.push_back(uid);
}

void people::edit_connection(world& in, const std::function<void(console_connection&)>& edit) {
  const auto found = in.all.kube.get(kube_kind::console_connection, connection_);
  if (!found) return;
  kube_object changed = **found;
  auto& connection = std::get<console_connection>(changed);
  edit(connection);
  ++deeds_.all;
  suspended_since_ =
      connection.spec.suspend ? std::optional(suspended_since_.value_or(in.now)) : std::nullopt;
  (void)in.all.kube.update(std::move(changed), in.now);
}

void people::create_object(world& in, const std::function<void(service_account&)>& edit) {
  create_object(in, subject, edit);
}

void people::create_object(world& in, const object_key& key,
                           const std::function<void(service_account&)>& edit) {
  service_account made;
  made.meta.name = key.name;
  made.meta.ns = key.ns;
  made.spec.account_name = key.name;
  made.spec.secret.name = key.name + "-token";
  made.spec.own.permissions = {"rudder.app.viewer"};
  if (edit) edit(made);
  ++deeds_.all;
  ++deeds_.objects_created;
  const std::string_view renew = made.meta.annotation(names::renew_annotation);
  if (!renew.empty()) renew_values_.emplace_back(renew);
  (void)in.all.kube.create(kube_object(std::move(made)), in.now);
}

void people::edit_object(world& in, const std::function<void(service_account&)>& edit) {
  edit_object(in, subject, edit);
}

void people::edit_object(world& in, const object_key& key,
                         const std::function<void(service_account&)>& edit) {
  const auto found = in.all.kube.get(kube_kind::service_account, key);
  if (!found) return;
  kube_object changed = **found;
  edit(std::get<service_account>(changed));
  ++deeds_.all;
  (void)in.all.kube.update(std::move(changed), in.now);
}

void people::edit_secret(world& in, const std::function<void(secret_content&)>& edit) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object) return;
  const auto found =
      in.all.kube.get(kube_kind::secret, {subject.ns, std::get<service_account>(**object).spec.secret.name});
  if (!found) return;
  kube_object changed = **found;
  edit(std::get<secret_content>(changed));
  ++deeds_.all;
  ++deeds_.secrets_spoiled;
  (void)in.all.kube.update(std::move(changed), in.now);
}

void people::later(world& in, mend what) {
  mends_.push_back(std::move(what));
  in.plan({.at = in.now + second_thoughts, .kind = event_kind::act});
}

void people::on_overtaken_call(world& in, const object_key& key, const std::string& uid,
                               const std::string& account_id) {
  ++deeds_.duplicates;
  abandoned_.push_back(uid);  // where the object goes before anybody looks
  later(in, [key, uid, account_id](world& then) {
    people& crowd = then.crowd;
    const auto found = then.all.kube.get(kube_kind::service_account, key);
    const auto* stray = then.all.console.find(account_id);
    const auto mark = stray != nullptr ? find_marker(stray->data.description) : std::nullopt;
    if ((!found || models::meta_of(**found).uid != uid) && mark && mark->uid == uid)
      crowd.remove_account(then, account_id);
    ++crowd.deeds_.renewals_asked;
    const std::string wish = "late-" + std::to_string(++crowd.edits_);
    crowd.edit_object(then, key, [&](service_account& object) {
      object.meta.annotations[std::string(names::renew_annotation)] = wish;
      object.meta.annotations[std::string(names::reconcile_annotation)] = wish;
      if (key == crowd.subject) crowd.renew_values_.push_back(wish);
    });
  });
}

void people::follow_up(world& in) {
  if (recreate_ && !in.all.kube.get(kube_kind::service_account, subject)) {
    kube_object made = std::move(*recreate_);
    recreate_.reset();
    ++deeds_.objects_created;
    ++deeds_.all;
    (void)in.all.kube.create(std::move(made), in.now);
    return;
  }
  if (mends_.empty()) return;
  const mend next = std::move(mends_.front());
  mends_.pop_front();
  next(in);
}

void people::finish(world& in) {
  while (!mends_.empty()) {
    const mend next = std::move(mends_.front());
    mends_.pop_front();
    next(in);
  }
}

void people::on_gone(world& in, const service_account& object) {
  const bool held = object.meta.has_finalizer(names::finalizer);
  if (!held && !object.meta.deleted) {
    abandoned_.push_back(object.meta.uid);
    // Policy Never leaves to people what stands in its successor's way.
    if (object.spec.adoption == adoption_policy::never)
      later(in, [uid = object.meta.uid](world& then) {
        std::vector<std::string> left;
        then.all.console.for_each_account([&](const models::stored_account& each) {
          const auto mark = find_marker(each.data.description);
          if (mark && mark->uid == uid) left.push_back(each.data.id);
        });
        for (const std::string& id : left)
          then.crowd.remove_account(then, id);
      });
  }
  if (object.spec.deletion == deletion_policy::orphan) abandoned_.push_back(object.meta.uid);
  if (recreate_) in.plan({.at = in.now + std::chrono::milliseconds(3), .kind = event_kind::act});
}

void people::on_secret(world& in, const models::kube_change& change) {
  if (change.before || !change.after || in.now >= steal_until_) return;
  const object_meta& meta = models::meta_of(*change.after);
  if (meta.ns != subject.ns || meta.controller() == nullptr) return;
  mends_.push_back([](world& then) { then.crowd.act(then, fault::delete_secret); });
  in.plan({.at = in.now + std::chrono::seconds(1), .kind = event_kind::act});
}

}  // namespace platformer::sim
