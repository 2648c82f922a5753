#include "tests/sim/servers.hpp"

#include <cstdlib>
#include <cstring>

#include "base/hash.hpp"
#include "model/codec.hpp"
#include "model/marker.hpp"
#include "model/names.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;
using models::kube_object;
using models::kube_pointer;

models::token_digest digest_of(std::string_view token) {
  models::token_digest digest{};
  const std::uint64_t hash = fnv1a(token);
  std::memcpy(digest.data(), &hash, sizeof hash);
  const std::size_t size = token.size();
  std::memcpy(digest.data() + sizeof hash, &size, sizeof size);
  return digest;
}

std::shared_ptr<const models::console_directory> make_directory() {
  auto made = std::make_shared<models::console_directory>();
  made->organizations = {
      {.id = std::string(organization_id),
       .name = "acme",
       .roles = {{.id = "role-1", .name = "deployers", .permissions = {"rudder.app.editor"}}},
       .projects = {{.id = "project-1", .name = "storefront", .description = "", .roles = {}}}},
      {.id = std::string(other_organization_id), .name = "other", .roles = {}, .projects = {}}};
  return made;
}

std::shared_ptr<const models::token_functions> make_functions() {
  auto made = std::make_shared<models::token_functions>();
  made->new_id = [](std::uint64_t serial) { return "account-" + std::to_string(serial); };
  made->new_token = [](std::uint64_t serial) {
    return secret_string(std::string(token_prefix) + std::to_string(serial));
  };
  made->digest = digest_of;
  return made;
}

// Of all schedules of a thread: both never change.
models::console_model new_console() {
  thread_local const auto directory = make_directory();
  thread_local const auto functions = make_functions();
  models::console_model console(directory, functions);
  console.add_credential({.name = "operator",
                          .organization_id = std::string(organization_id),
                          .roles = {"organization.admin"},
                          .digest = digest_of(operator_token),
                          .expires_at = {}});
  return console;
}

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

struct connection_server {
  servers& all;
  const caller& who;
  time_point now;

  using reply = served<connections::response>;

  reply patched(const models::kube_answer<kube_pointer>& answer) {
    if (!answer) return {answer.error(), nullptr};
    return {connections::object_patched{models::meta_of(**answer)}, *answer};
  }
  reply operator()(const connections::read_secret& asked) {
    const auto found = all.kube.get(kube_kind::secret, asked.key);
    if (found) return {connections::secret_read{std::get<secret_content>(**found)}, nullptr};
    if (found.error().code == api_errc::not_found) return {connections::secret_read{}, nullptr};
    return {found.error(), nullptr};
  }
  reply operator()(const connections::validate_credential&) {
    return {connections::credential_checked{all.accepts(who.credential, now)}, nullptr};
  }
  reply operator()(const connections::find_organization& asked) {
    const auto listed = all.console.list_organizations({who.credential, "", "", now});
    if (!listed) return {models::to_api_error(listed.error()), nullptr};
    for (const models::organization& each : *listed)
      if (each.id == asked.wanted || each.name == asked.wanted)
        return {connections::organization_found{each.id}, nullptr};
    return {connections::organization_missing{"no such organization"}, nullptr};
  }
  reply operator()(const connections::patch_finalizers& asked) {
    models::metadata_patch patch;
    patch.only_if.resource_version = asked.resource_version;
    patch.finalizers = asked.finalizers;
    return patched(all.kube.patch_metadata(kube_kind::console_connection, asked.key, patch, now));
  }
  reply operator()(const connections::patch_status& asked) {
    const auto current = all.kube.get(kube_kind::console_connection, asked.key);
    if (!current) return {current.error(), nullptr};
    kube_object changed = **current;
    auto& object = std::get<console_connection>(changed);
    object.meta.resource_version = asked.resource_version;
    object.status = asked.to;
    return patched(all.kube.update_status(std::move(changed), now));
  }
  // The replica makes the inventory of what is listed.
  reply operator()(const connections::list_orphans&) {
    auto listed = all.list_accounts(who, now);
    if (!listed) return {listed.error(), nullptr};
    return {connections::orphans_listed{}, nullptr, std::move(*listed)};
  }
  reply operator()(const connections::delete_orphan& asked) {
    const auto removed =
        all.console.remove({who.credential, who.organization_id, asked.project_id, now}, asked.id);
    if (!removed && removed.error().status != 404) return {models::to_api_error(removed.error()), nullptr};
    return {connections::orphan_deleted{}, nullptr};
  }
  // Local to the process: the replica answers these itself.
  reply operator()(const connections::build_client&) { return {connections::client_built{}, nullptr}; }
  reply operator()(const connections::install_client&) { return {connections::client_installed{}, nullptr}; }
  reply operator()(const connections::begin_look&) { return {connections::look_begun{}, nullptr}; }
  reply operator()(const connections::forget_refusals&) {
    return {connections::refusals_forgotten{}, nullptr};
  }
  reply operator()(const connections::drop_client&) { return {connections::client_dropped{}, nullptr}; }
};

}  // namespace

servers::servers() : console(new_console()) {}

served<accounts::response> servers::perform(const accounts::request& wanted, const caller& who,
                                            time_point now) {
  return std::visit(account_server{*this, who, now}, wanted);
}

served<connections::response> servers::perform(const connections::request& wanted, const caller& who,
                                               time_point now) {
  return std::visit(connection_server{*this, who, now}, wanted);
}

bool servers::accepts(std::string_view token, time_point now) const {
  const bool own = token == operator_token;
  if (now < (own ? credentials_rejected_until : tokens_rejected_until)) return false;
  return console.validate_token(token, now).has_value();
}

result<std::vector<account>, api_error> servers::list_accounts(const caller& who, time_point now,
                                                               std::string_view named,
                                                               std::string_view project_id) const {
  std::vector<account> all;
  for (std::uint64_t page = 1;; ++page) {
    const auto part =
        console.list({who.credential, who.organization_id, "", now}, page, models::page_limit_max);
    if (!part) return tl::unexpected(models::to_api_error(part.error()));
    for (const models::account_view& each : part->accounts) {
      const auto mark = find_marker(each.data.description);
      const bool marked = mark && mark->cluster == cluster_id;
      const bool stranger =
          !marked && !named.empty() && each.data.name == named && each.data.project_id == project_id;
      if (marked || stranger) all.push_back(each.data);
    }
    if (page >= part->pages) break;
  }
  return all;
}

}  // namespace platformer::sim
