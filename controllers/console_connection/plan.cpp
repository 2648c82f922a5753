#include "controllers/console_connection/plan.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace platformer::connections {
namespace {

using planned = std::optional<request>;

constexpr auto reconciling = conclusion::outlook::reconciling;
constexpr auto stalled = conclusion::outlook::stalled;

planned patch(const snapshot& seen, const state& now, bool hold) {
  const object_meta& meta = current_meta(seen, now);
  std::vector<std::string> all = meta.finalizers;
  std::erase(all, names::finalizer);
  if (hold) all.emplace_back(names::finalizer);
  return patch_finalizers{key_of(meta), meta.resource_version, std::move(all)};
}

// The value under the reference, or nullopt with now.end set.
const secret_entry* find_value(state& now, const std::optional<secret_content>& content,
                               const secret_key_ref& ref, const object_meta& object,
                               const std::string& what) {
  if (content) {
    const auto found = content->data.find(ref.key);
    if (found != content->data.end() && found->second.value && !found->second.value->empty())
      return &found->second;
  }
  const std::string problem = content ? "has no value under key " + ref.key : "does not exist";
  fail(now, stalled, reason::credentials_not_found,
       what + " Secret " + ref.name + " " + problem + ". Create it: kubectl create secret generic " +
           ref.name + " -n " + object.ns + " --from-file=" + ref.key + "=FILE");
  return nullptr;
}

// Accounts don't move: where the new client leads they would all look lost, and be made anew. True: now.end
// is set.
bool refuse_organization(const snapshot& seen, state& now) {
  const std::string& home = home_organization(seen);
  if (seen.users == 0 || home.empty() || home == now.organization_id) return false;
  const object_meta& meta = seen.object.meta;
  fail(
      now, stalled, reason::organization_changed,
      "spec.gateway and spec.organization lead to organization " + clean_message(now.organization_id) +
          " now, but the accounts of " + std::to_string(seen.users) +
          " ServiceAccounts are in organization " + clean_message(home) +
          ". Put it back (and spec.gateway, if that was changed): kubectl patch pcc " + meta.name + " -n " +
          meta.ns + R"( --type=merge -p '{"spec":{"organization":")" + clean_message(home) +
          R"("}}'. For the other organization make another ConsoleConnection; this one can move there once the )"
          "ServiceAccounts that use it are deleted");
  return true;
}

planned connect(const snapshot& seen, state& now) {
  const console_connection_spec& spec = seen.object.spec;
  const object_meta& meta = seen.object.meta;
  if (!now.client_built) {
    if (!now.credentials) return read_secret{{meta.ns, spec.credentials.name}};
    const secret_entry* credential = find_value(now, now.credentials, spec.credentials, meta, "credentials");
    if (credential == nullptr) return std::nullopt;
    token_handle ca_pem;
    if (spec.ca_bundle) {
      if (!now.ca) return read_secret{{meta.ns, spec.ca_bundle->name}};
      const secret_entry* ca = find_value(now, now.ca, *spec.ca_bundle, meta, "CA");
      if (ca == nullptr) return std::nullopt;
      ca_pem = ca->value;
    }
    return build_client{spec, credential->value, ca_pem};
  }
  if (!now.credential_live) return validate_credential{};
  if (now.organization_id.empty()) return find_organization{spec.organization};
  if (now.installed || refuse_organization(seen, now)) return std::nullopt;
  return install_client{meta.generation, now.organization_id};
}

planned plan_deletion(const snapshot& seen, state& now) {
  const object_meta& meta = current_meta(seen, now);
  if (!meta.has_finalizer(names::finalizer) || seen.users == 0) {
    if (meta.has_finalizer(names::finalizer)) return patch(seen, now, false);
    if (!now.dropped) return drop_client{};
    now.end = conclusion{.write_status = false};
    return std::nullopt;
  }
  // The credential may be needed still to delete accounts; after a restart it has to be read again.
  if (!seen.client_is_current && !now.installed)
    if (auto next = connect(seen, now); next || now.end) return next;
  fail(now, reconciling, reason::progressing,
       "waits for " + std::to_string(seen.users) +
           " ServiceAccounts that use it; list them: kubectl get psa -n " + meta.ns +
           " --field-selector spec.connectionRef.name=" + meta.name,
       finished{});
  return std::nullopt;
}

}  // namespace

const std::string& home_organization(const snapshot& seen) {
  return seen.organization_id.empty() ? seen.object.status.organization_id : seen.organization_id;
}

const object_meta& current_meta(const snapshot& seen, const state& now) {
  return now.patched ? *now.patched : seen.object.meta;
}

void fail(state& now, conclusion::outlook view, const reason_info& why, std::string message, stop next) {
  now.end = conclusion{view, &why, std::move(message), next, true};
}

std::optional<request> plan(const snapshot& seen, state& now) {
  const object_meta& meta = current_meta(seen, now);
  if (meta.deleted) return plan_deletion(seen, now);
  if (!seen.object.spec_error.empty()) {
    fail(now, stalled, reason::invalid_spec, seen.object.spec_error, finished{});
    return std::nullopt;
  }
  // Held before an account can be made with it.
  if (seen.users > 0 && !meta.has_finalizer(names::finalizer)) return patch(seen, now, true);
  if (seen.users == 0 && meta.has_finalizer(names::finalizer)) return patch(seen, now, false);
  if (!seen.client_is_current && !now.installed)
    if (auto next = connect(seen, now); next || now.end) return next;
  const std::string& id = now.installed ? now.organization_id : seen.organization_id;
  now.end = conclusion{.message = "organization " + id + " at " + clean_message(seen.object.spec.gateway)};
  return std::nullopt;
}

}  // namespace platformer::connections
