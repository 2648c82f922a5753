// The side effects that reconciling a ConsoleConnection can ask for, and their answers.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/secret_string.hpp"
#include "model/api_error.hpp"
#include "model/console_connection.hpp"
#include "model/secret.hpp"

namespace platformer::connections {

// GET of the credential's or the CA's Secret, which are people's: only ever read.
struct read_secret {
  object_key key;
};
// Makes a client of spec, credential and CA, beside the one in use.
struct build_client {
  console_connection_spec spec;
  token_handle credential;
  token_handle ca_pem;  // null: the system's trust store
};
// Is the new client's credential live?
struct validate_credential {};
// Which organization is it?
struct find_organization {
  std::string wanted;  // name or ID
};
// From now on accounts use the new client. The one before it stays in memory until then.
struct install_client {
  std::int64_t generation;
  std::string organization_id;
};
// The whole list of finalizers, by merge patch with a resourceVersion.
struct patch_finalizers {
  object_key key;
  std::string resource_version;
  std::vector<std::string> finalizers;
};
struct patch_status {
  object_key key;
  std::string resource_version;
  console_connection_status from;
  console_connection_status to;
};
// The connection is gone: wipes its credential.
struct drop_client {};

using request = std::variant<read_secret, build_client, validate_credential, find_organization,
                             install_client, patch_finalizers, patch_status, drop_client>;

struct secret_read {
  std::optional<secret_content> content;
};
struct client_built {};
struct client_refused {  // the spec or the CA is wrong
  std::string message;
};
struct credential_checked {
  bool live = false;
};
struct organization_found {
  std::string id;
};
struct organization_missing {
  std::string message;
};
struct client_installed {};
struct object_patched {
  object_meta meta;
};
struct client_dropped {};

using response = std::variant<std::monostate, secret_read, client_built, client_refused, credential_checked,
                              organization_found, organization_missing, client_installed, object_patched,
                              client_dropped, api_error>;

struct finished {};
struct back_off {  // again with the key's exponential back-off within these bounds
  duration at_least = std::chrono::seconds(1);
  duration at_most = std::chrono::seconds(60);
};
struct read_again {};
using stop = std::variant<finished, back_off, read_again>;

}  // namespace platformer::connections
