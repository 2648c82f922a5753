// What connections ask of the servers.
#include "model/codec.hpp"
#include "model/names.hpp"
#include "tests/sim/servers.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;
using models::kube_object;
using models::kube_pointer;

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
  reply operator()(const connections::read_credential& asked) {
    return (*this)(connections::read_secret{asked.key});
  }
  reply operator()(const connections::patch_operation& asked) {
    models::metadata_patch patch;
    patch.only_if.resource_version = asked.resource_version;
    patch.finalizers = asked.finalizers;
    patch.annotations[std::string(names::operation_annotation)] = encode_operation(asked.op);
    return patched(all.kube.patch_metadata(kube_kind::console_connection, asked.key, patch, now));
  }
  reply operator()(const connections::dry_run_secret& asked) {
    const auto answer = all.kube.write_secret(asked.write, now, true);
    if (!answer) return {answer.error(), nullptr};
    return {connections::dry_run_passed{}, nullptr};
  }
  reply operator()(const connections::write_secret& asked) {
    const auto answer = all.kube.write_secret(asked.write, now);
    if (!answer) return {answer.error(), nullptr};
    return {connections::secret_written{models::meta_of(**answer)}, nullptr};
  }
  reply operator()(const connections::list_credentials& asked) {
    auto listed = all.list_credentials(who, now, asked.named);
    if (!listed) return {listed.error(), nullptr};
    return {connections::credentials_listed{std::move(*listed)}, nullptr};
  }
  reply operator()(const connections::create_credential& asked) {
    const auto made =
        all.console.create({who.credential, who.organization_id, asked.project_id, now}, asked.fields);
    if (!made) return {models::to_api_error(made.error(), true), nullptr};
    return {connections::credential_made{made->view.data.id, made->token,
                                         models::fast_fingerprint(made->token->reveal()),
                                         made->view.data.expires_at},
            nullptr};
  }
  reply operator()(const connections::try_credential& asked) {
    return {connections::credential_checked{all.accepts(asked.token->reveal(), now)}, nullptr};
  }
  reply operator()(const connections::delete_credential& asked) {
    const auto removed =
        all.console.remove({who.credential, who.organization_id, asked.project_id, now}, asked.id);
    if (!removed && removed.error().status != 404) return {models::to_api_error(removed.error()), nullptr};
    return {connections::credential_deleted{}, nullptr};
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

served<connections::response> servers::perform(const connections::request& wanted, const caller& who,
                                               time_point now) {
  return std::visit(connection_server{*this, who, now}, wanted);
}

}  // namespace platformer::sim
