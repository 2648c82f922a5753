// The side effects that reconciling a ConsoleConnection can ask for, and their answers.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/secret_string.hpp"
#include "controllers/console_connection/credential.hpp"
#include "model/account.hpp"
#include "model/api_error.hpp"
#include "model/console_connection.hpp"
#include "model/operation.hpp"
#include "model/secret.hpp"

namespace platformer::connections {

// GET of the credential's or the CA's Secret, which are people's.
struct read_secret {
  object_key key;
};
// … and of the credential's, when it is to be replaced.
struct read_credential {
  object_key key;
};
// Makes a client of spec, credential and CA, beside the one in use.
struct build_client {
  console_connection_spec spec;
  token_handle credential;
  token_handle ca_pem;  // null: the system's trust store
};
// Is the new client's credential live, or that of the client in use?
struct validate_credential {
  bool in_use = false;
};
// Which organization is it?
struct find_organization {
  std::string wanted;  // name or ID
};
// A Secret as it was when it was read.
struct secret_version {
  object_key key;
  std::string version;
  bool operator==(const secret_version&) const = default;
};
// From now on accounts use the new client. The one before it stays in memory until then.
struct install_client {
  std::int64_t generation;
  std::string organization_id;
  std::vector<secret_version> made_from = {};
  time_point next_check = {};  // of its credential
  credential_note note = {};
};
// All accounts are compared with the Console, and once more at `next`. Local to the process.
struct begin_look {
  time_point since{};
  time_point next{};
};
// Which accounts of the organization bear the marker of an object that does not exist, from a listing that
// the accounts share and that began at `not_before` or later.
struct list_orphans {
  time_point not_before{};
};
struct delete_orphan {
  std::string id;
  std::string project_id;
};
// ---- spec.rotateCredentials
// The intent, before a call is made: by merge patch with a resourceVersion.
struct patch_operation {
  object_key key;
  std::string resource_version;
  std::vector<std::string> finalizers;
  operation op;
};
struct dry_run_secret {
  secret_write write;
};
struct write_secret {
  secret_write write;
};
// The accounts that bear this connection's own marker, from a listing as above; with a name also the accounts
// of that name that bear no marker at all.
struct list_credentials {
  time_point not_before{};
  std::string named;
};
struct create_credential {
  account_fields fields;
  std::string project_id;
};
// Is that token live?
struct try_credential {
  token_handle token;
};
// An account whose credential is not in use any more.
struct delete_credential {
  std::string id;
  std::string project_id;
};
// ----
// Accounts are told no more that too many tokens are rejected. Local to the process.
struct forget_refusals {};
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

using request =
    std::variant<read_secret, build_client, validate_credential, find_organization, install_client,
                 begin_look, list_orphans, delete_orphan, forget_refusals, patch_finalizers, patch_status,
                 drop_client, read_credential, patch_operation, dry_run_secret, write_secret,
                 list_credentials, create_credential, try_credential, delete_credential>;

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
struct look_begun {};
struct orphaned_account {
  std::string id;
  std::string name;
  std::string project_id;
  time_point since{};     // it was first found so, by this process
  bool replaced = false;  // an object of that namespace and name exists, with another UID
};
struct orphans_listed {
  std::vector<orphaned_account> found;  // that two looks found, at least
};
struct orphan_deleted {};  // also when it was gone already
struct refusals_forgotten {};
struct object_patched {
  object_meta meta;
};
struct client_dropped {};
struct dry_run_passed {};
struct secret_written {
  object_meta meta;
};
struct credentials_listed {
  std::vector<account> found;
};
struct credential_made {
  std::string account_id;
  token_handle token;
  std::string fingerprint;
  std::optional<time_point> expires_at;  // as granted
};
struct credential_deleted {};  // also when it was gone already

using response =
    std::variant<std::monostate, secret_read, client_built, client_refused, credential_checked,
                 organization_found, organization_missing, client_installed, look_begun, orphans_listed,
                 orphan_deleted, refusals_forgotten, object_patched, client_dropped, dry_run_passed,
                 secret_written, credentials_listed, credential_made, credential_deleted, api_error>;

struct finished {};
struct requeue_at {  // until something changes, or then
  time_point at{};
};
struct back_off {  // again with the key's exponential back-off within these bounds
  duration at_least = std::chrono::seconds(1);
  duration at_most = std::chrono::seconds(30);
};
struct read_again {};
using stop = std::variant<finished, requeue_at, back_off, read_again>;

}  // namespace platformer::connections
