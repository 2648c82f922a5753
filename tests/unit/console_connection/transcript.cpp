#include "tests/unit/console_connection/transcript.hpp"

namespace platformer::connections {

snapshot a_connection() {
  snapshot seen;
  seen.object.meta = {.name = "default", .ns = "team", .uid = "u1", .resource_version = "7", .generation = 1};
  seen.object.meta.finalizers = {std::string(names::finalizer)};
  seen.object.spec.organization = "acme";
  seen.object.spec.credentials = {"console-credentials", "token"};
  seen.users = 1;
  return seen;
}

secret_content a_secret(const std::string& name, const std::string& key) {
  secret_content content;
  content.meta = {.name = name, .ns = "team", .uid = "s1", .resource_version = "3"};
  content.data[key] = {std::make_shared<const secret_string>("value"), "sha256:0123456789ab"};
  return content;
}

console_connection_status run::succeed() {
  expect<read_secret>();
  reply(secret_read{a_secret("console-credentials")});
  expect<build_client>();
  reply(client_built{});
  expect<validate_credential>();
  reply(credential_checked{true});
  expect<find_organization>();
  reply(organization_found{"org-1"});
  expect<install_client>();
  reply(client_installed{});
  return write_status();
}

console_connection_status run::write_status() {
  const auto patch = expect<patch_status>();
  object_meta meta = seen_.object.meta;
  meta.resource_version = "8";
  reply(object_patched{meta});
  return patch.to;
}

std::string ready_reason(const console_connection_status& status) {
  const condition* ready = find_condition(status.conditions, "Ready");
  return ready == nullptr ? "" : (ready->status ? "+" : "") + ready->reason;
}

}  // namespace platformer::connections
