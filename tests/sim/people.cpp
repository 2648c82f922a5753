#include "tests/sim/people.hpp"

#include <algorithm>

#include "controllers/service_account/secret_record.hpp"
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

void people::arrange_connection(world& in, bool proven,
                                const std::function<void(console_connection&)>& edit) {
  secret_content credential;
  credential.meta.name = "console-credentials";
  credential.meta.ns = subject.ns;
  credential.type = "Opaque";
  credential.data["token"] = secret_entry_of(operator_token);
  (void)in.all.kube.create(kube_object(credential), in.now);
  console_connection connection;
  connection.meta.name = "default";
  connection.meta.ns = subject.ns;
  connection.spec.organization = "acme";
  connection.spec.credentials = {"console-credentials", "token"};
  connection.spec.interval = duration{0};  // no looks by themselves: a world at rest makes no request
  if (edit) edit(connection);
  connection_ = key_of(connection.meta);
  connection_looks_ = connection.spec.interval > duration{0};
  if (proven) connection.meta.finalizers = {std::string(names::finalizer)};
  const auto made = in.all.kube.create(kube_object(connection), in.now);
  if (!proven) return;
  auto known = std::get<console_connection>(**made);
  known.status.observed_generation = known.meta.generation;
  known.status.organization_id = organization_id;
  known.status.token_valid = true;
  (void)in.all.kube.update_status(kube_object(known), in.now);
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

void people::on_overtaken_call(world& in, const object_key& key, const std::string& uid) {
  ++deeds_.duplicates;
  abandoned_.push_back(uid);  // where the object goes before anybody looks
  later(in, [key](world& then) {
    people& crowd = then.crowd;
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
  if (!held && !object.meta.deleted) abandoned_.push_back(object.meta.uid);
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

void people::arrange_predecessor(world& in, bool live) {
  const marker mark{std::string(cluster_id), subject.ns, subject.name, "uid-before"};
  ++deeds_.predecessors;
  abandoned_.push_back(mark.uid);  // found by its Secret only
  account_fields fields;
  fields.name = subject.name;
  fields.description = with_marker("", mark);
  fields.roles = string_set{"rudder.app.viewer"};
  fields.projects.emplace();
  fields.expires_at.emplace(std::nullopt);
  const auto made = in.all.console.create_by_hand(organization_id, "", fields, in.now);
  if (!made) return in.fail("the predecessor's account can't be arranged: " + made.error().message);
  secret_content secret;
  secret.meta.name = subject.name + "-token";
  secret.meta.ns = subject.ns;
  secret.meta.labels[std::string(names::managed_by_label)] = names::managed_by_value;
  secret.type = "Opaque";
  secret.data["token"] = secret_entry_of(made->token->reveal());
  accounts::secret_record record;
  record.operation_id = "op-before";
  record.revision = 3;
  record.account_id = made->view.data.id;
  record.fingerprint = secret.data["token"].fingerprint;
  record.cause = "InitialIssue";
  for (const auto& [key, value] : accounts::record_annotations(record))
    if (value) secret.meta.annotations[key] = *value;
  (void)in.all.kube.create(kube_object(secret), in.now);
  if (!live) (void)in.all.console.renew_by_hand(made->view.data.id, in.now);
}

void people::clear_predecessor(world& in) {
  const object_key key{subject.ns, subject.name + "-token"};
  const auto found = in.all.kube.get(kube_kind::secret, key);
  if (!found) return;
  const std::string id(models::meta_of(**found).annotation(names::secret_account_id));
  (void)in.all.console.remove_by_hand(id, in.now);
  (void)in.all.kube.remove(kube_kind::secret, key, {}, in.now);
  ++deeds_.all;
  look_later(in);
}

std::string people::arrange_stranger(world& in) {
  ++deeds_.strangers;
  account_fields fields;
  fields.name = subject.name;
  fields.description = "made by hand";
  fields.roles = string_set{"organization.admin"};
  fields.projects.emplace();
  fields.expires_at.emplace(std::nullopt);
  const auto made = in.all.console.create_by_hand(organization_id, "", fields, in.now);
  if (!made) in.fail("the stranger can't be arranged: " + made.error().message);
  return made ? made->view.data.id : "";
}

void people::remove_account(world& in, const std::string& id) {
  ++deeds_.all;
  (void)in.all.console.remove_by_hand(id, in.now);
}

void people::arrange_orphan(world& in) {
  account_fields fields;
  fields.name = "left-behind";
  fields.description = with_marker("", {std::string(cluster_id), subject.ns, "left-behind", "uid-gone"});
  fields.roles = string_set{"rudder.app.viewer"};
  fields.projects.emplace();
  fields.expires_at.emplace(std::nullopt);
  if (!in.all.console.create_by_hand(organization_id, "", fields, in.now))
    in.fail("the orphan can't be arranged");
}

void people::arrange_duplicate(world& in) {
  const auto object = in.all.kube.get(kube_kind::service_account, subject);
  if (!object) return in.fail("there is no object to have a duplicate");
  const marker mark{std::string(cluster_id), subject.ns, subject.name, models::meta_of(**object).uid};
  ++deeds_.duplicates;
  abandoned_.push_back(mark.uid);  // where the object goes before anybody looks
  account_fields fields;
  fields.name = subject.name;
  fields.description = with_marker("", mark);
  fields.roles = string_set{"rudder.app.viewer"};
  fields.projects.emplace();
  fields.expires_at.emplace(std::nullopt);
  if (!in.all.console.create_by_hand(organization_id, "", fields, in.now))
    in.fail("the duplicate can't be arranged");
}

}  // namespace platformer::sim
