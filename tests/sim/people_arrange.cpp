// What people have done before a scenario begins, and what earlier objects have left behind.
#include "controllers/service_account/secret_record.hpp"
#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

using models::kube_kind;
using models::kube_object;

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
