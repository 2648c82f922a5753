// What people, backups and other controllers do to Secrets.
#include "model/names.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {

using models::kube_kind;
using models::kube_object;

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
  ++deeds_.secrets_put_back;
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

}  // namespace platformer::sim
