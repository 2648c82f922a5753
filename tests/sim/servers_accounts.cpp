// What ServiceAccounts ask of the servers.
#include <cstdlib>

#include "model/codec.hpp"
#include "model/names.hpp"
#include "tests/sim/servers.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;
using models::kube_object;
using models::kube_pointer;

accounts::response patched(const models::kube_answer<kube_pointer>& answer) {
  if (!answer) return answer.error();
  return accounts::object_patched{models::meta_of(**answer)};
}

served<accounts::response> patched_object(const models::kube_answer<kube_pointer>& answer) {
  return {patched(answer), answer ? *answer : nullptr};
}

struct account_server {
  servers& all;
  const caller& who;
  time_point now;

  using reply = served<accounts::response>;

  models::console_call call(const std::string& project_id) const {
    return {who.credential, who.organization_id, project_id, now};
  }

  reply operator()(const accounts::patch_intent& asked) {
    models::metadata_patch patch;
    patch.only_if.resource_version = asked.resource_version;
    patch.finalizers = asked.finalizers;
    if (asked.op) patch.annotations[std::string(names::operation_annotation)] = encode_operation(*asked.op);
    return patched_object(all.kube.patch_metadata(kube_kind::service_account, asked.key, patch, now));
  }
  reply operator()(const accounts::read_secret& asked) {
    const auto found = all.kube.get(kube_kind::secret, asked.key);
    if (found) return {accounts::secret_read{std::get<secret_content>(**found)}, nullptr};
    if (found.error().code == api_errc::not_found) return {accounts::secret_read{}, nullptr};
    return {found.error(), nullptr};
  }
  reply operator()(const accounts::dry_run_secret& asked) {
    const auto answer = all.kube.write_secret(asked.write, now, true);
    if (!answer) return {answer.error(), nullptr};
    return {accounts::dry_run_passed{}, nullptr};
  }
  reply operator()(const accounts::write_secret& asked) {
    const auto answer = all.kube.write_secret(asked.write, now);
    if (!answer) return {answer.error(), nullptr};
    return {accounts::secret_written{models::meta_of(**answer)}, *answer};
  }
  reply operator()(const accounts::remove_secret& asked) {
    const auto answer =
        all.kube.remove(kube_kind::secret, asked.key, {asked.uid, asked.resource_version}, now);
    if (!answer && answer.error().code != api_errc::not_found) return {answer.error(), nullptr};
    return {accounts::secret_removed{}, nullptr};
  }
  reply operator()(const accounts::patch_status& asked) {
    const auto current = all.kube.get(kube_kind::service_account, asked.key);
    if (!current) return {current.error(), nullptr};
    kube_object changed = **current;
    auto& object = std::get<service_account>(changed);
    object.meta.resource_version = asked.resource_version;
    object.status = asked.to;
    return patched_object(all.kube.update_status(std::move(changed), now));
  }
  reply operator()(const accounts::remove_finalizer& asked) {
    models::metadata_patch patch;
    patch.only_if.resource_version = asked.resource_version;
    patch.finalizers = asked.finalizers;
    const auto answer = all.kube.patch_metadata(kube_kind::service_account, asked.key, patch, now);
    if (!answer && answer.error().code == api_errc::not_found)
      return {accounts::object_patched{object_meta{}}, nullptr};
    return patched_object(answer);
  }

  reply operator()(const accounts::resolve_names& asked) {
    accounts::names_resolved found;
    const models::organization& acme = *all.console.directory().find(organization_id);
    const auto project_of = [&](const std::string& name) -> std::string {
      for (const models::project& each : acme.projects)
        if (each.id == name || each.name == name) return each.id;
      return "";
    };
    const auto add = [&](const access& from, string_set& into) {
      into.insert(from.permissions.begin(), from.permissions.end());
      for (const std::string& name : from.custom_roles)
        for (const models::custom_role& each : acme.roles)
          if (each.id == name || each.name == name) into.insert(each.id);
    };
    if (!asked.project.empty()) {
      found.project_id = project_of(asked.project);
      if (found.project_id.empty())
        return {accounts::names_unresolved{accounts::names_unresolved::kind::project, "no such project"},
                nullptr};
    }
    add(asked.own, found.roles);
    for (const auto& [name, there] : asked.project_access)
      add(there, found.projects[project_of(name)]);
    return {std::move(found), nullptr};
  }
  reply operator()(const accounts::read_account& asked) {
    const auto found = all.console.get(call(asked.project_id), asked.id);
    if (found) return {accounts::account_read{found->data}, nullptr};
    if (found.error().status == 404) return {accounts::account_read{}, nullptr};
    return {models::to_api_error(found.error()), nullptr};
  }
  reply operator()(const accounts::list_accounts& asked) {
    auto listed = all.list_accounts(who, now, asked.named, asked.project_id);
    if (!listed) return {listed.error(), nullptr};
    return {accounts::accounts_listed{std::move(*listed)}, nullptr};
  }
  reply minted(const models::answer<models::issued_account>& issued, bool creates) {
    if (!issued) return {models::to_api_error(issued.error(), creates), nullptr};
    return {accounts::token_minted{issued->view.data.id, issued->token,
                                   models::fast_fingerprint(issued->token->reveal()),
                                   issued->view.data.expires_at},
            nullptr};
  }
  reply operator()(const accounts::create_account& asked) {
    return minted(all.console.create(call(asked.project_id), asked.fields), true);
  }
  reply operator()(const accounts::renew_token& asked) {
    return minted(all.console.renew(call(asked.project_id), asked.id, asked.expires_at), false);
  }
  reply operator()(const accounts::update_account& asked) {
    const auto updated = all.console.update(call(asked.project_id), asked.id, asked.fields);
    if (!updated) return {models::to_api_error(updated.error()), nullptr};
    return {accounts::account_updated{}, nullptr};
  }
  reply operator()(const accounts::delete_account& asked) {
    const auto removed = all.console.remove(call(asked.project_id), asked.id);
    if (!removed && removed.error().status != 404) return {models::to_api_error(removed.error()), nullptr};
    return {accounts::account_deleted{}, nullptr};
  }
  reply operator()(const accounts::check_credential&) {
    if (all.accepts(who.credential, now)) return {accounts::credential_checked{}, nullptr};
    api_error error;
    error.code = api_errc::unauthorized;
    error.message = "the credential is not accepted";
    return {error, nullptr};
  }
  reply operator()(const accounts::restart_workload& asked) {
    workload& its = all.workloads[asked.key.name];
    if (its.revisions != asked.revisions) ++its.restarts;
    its.revisions = asked.revisions;
    return {accounts::workload_restarted{}, nullptr};
  }
  // The replica answers that by itself.
  reply operator()(const accounts::reserve_revocation&) { std::abort(); }
  reply operator()(const accounts::verify_token& asked) {
    return {accounts::token_verified{all.accepts(asked.token->reveal(), now)}, nullptr};
  }
};

}  // namespace

served<accounts::response> servers::perform(const accounts::request& wanted, const caller& who,
                                            time_point now) {
  return std::visit(account_server{*this, who, now}, wanted);
}

}  // namespace platformer::sim
