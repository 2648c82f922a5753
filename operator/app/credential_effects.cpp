// The requests that replace a connection's own credential (controllers/console_connection/plan_rotation.cpp).
#include "app/connection_effects.hpp"
#include "app/kube_effects.hpp"

namespace platformer::app {

connection_effects::answer connection_effects::perform(connections::read_credential asked) {
  auto content = co_await in_.kube->read_secret(asked.key);
  if (!content) co_return content.error();
  co_return connections::secret_read{std::move(*content)};
}

connection_effects::answer connection_effects::perform(connections::patch_operation asked) {
  std::string annotation = encode_operation(asked.op);
  const auto noted = co_await patch_metadata(in_, work_kind::console_connection, asked.key,
                                             asked.resource_version, asked.finalizers, std::move(annotation));
  if (!noted) co_return noted.error();
  co_return connections::object_patched{*noted};
}

connection_effects::answer connection_effects::perform(connections::dry_run_secret asked) {
  const auto rehearsed = co_await write_secret(in_, std::move(asked.write), true);
  if (!rehearsed) co_return rehearsed.error();
  co_return connections::dry_run_passed{};
}

connection_effects::answer connection_effects::perform(connections::write_secret asked) {
  const auto written = co_await write_secret(in_, std::move(asked.write), false);
  if (!written) co_return written.error();
  co_return connections::secret_written{*written};
}

connection_effects::answer connection_effects::perform(connections::list_credentials asked) {
  const auto sharing = sharing_of(live().in_use);
  const auto object = in_.connection(key_);
  if (!object) co_return connections::credentials_listed{};
  auto found = co_await sharing->credentials(object->meta.uid, asked.not_before);
  if (!found) co_return later(found.error());
  if (!asked.named.empty()) {
    auto strangers = co_await sharing->unmarked(asked.named, asked.not_before);
    if (!strangers) co_return later(strangers.error());
    found->insert(found->end(), strangers->begin(), strangers->end());
  }
  co_return connections::credentials_listed{std::move(*found)};
}

connection_effects::answer connection_effects::perform(connections::create_credential asked) {
  const auto sharing = sharing_of(live().in_use);
  auto made = co_await sharing->client().create_account(asked.fields, asked.project_id, trace_);
  if (!made) co_return later(made.error());
  co_return connections::credential_made{made->account_id, made->token, made->fingerprint, made->expires_at};
}

connection_effects::answer connection_effects::perform(connections::try_credential asked) {
  const auto sharing = sharing_of(live().in_use);
  const auto accepted = co_await sharing->client().validate_token(asked.token, trace_);
  if (!accepted) co_return later(accepted.error());
  co_return connections::credential_checked{*accepted};
}

connection_effects::answer connection_effects::perform(connections::delete_credential asked) {
  const auto sharing = sharing_of(live().in_use);
  const auto deleted = co_await sharing->client().delete_account(asked.id, asked.project_id, trace_);
  if (!deleted) co_return later(deleted.error());
  in_.log->log(log_level::info, "the account of a credential that is not in use any more was deleted",
               {{"connection", key_.to_string()}, {"account", asked.id}});
  co_return connections::credential_deleted{};
}

}  // namespace platformer::app
