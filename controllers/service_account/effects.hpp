// The closed set of side effects that a reconcile can ask for, and of the answers. One request is one call to
// Kubernetes or the Console. The driver (operator/app) performs them on the real servers, the simulation on
// models.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/secret_string.hpp"
#include "model/account.hpp"
#include "model/api_error.hpp"
#include "model/condition.hpp"
#include "model/operation.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"

namespace platformer::accounts {

// ---- Kubernetes
// ------------------------------------------------------------------------------------------------

// Merge patch of metadata with a resourceVersion: the whole list of finalizers and the operation annotation,
// which stays as it is without `op`.
struct patch_intent {
  object_key key;
  std::string resource_version;
  std::vector<std::string> finalizers;
  std::optional<operation> op;
};
// GET. Contents are read one Secret at a time and never cached.
struct read_secret {
  object_key key;
};
// The commit's write with dummy values of the same size, as a server-side dry run.
struct dry_run_secret {
  secret_write write;
};
struct write_secret {
  secret_write write;
};
// DELETE with uid and resourceVersion as preconditions: the old Secret of a move.
struct remove_secret {
  object_key key;
  std::string uid;
  std::string resource_version;
};
// Merge patch of the status subresource from `from` to `to`, with a resourceVersion.
struct patch_status {
  object_key key;
  std::string resource_version;
  service_account_status from;
  service_account_status to;
};
// Merge patch of metadata with a resourceVersion: the finalizers without ours.
struct remove_finalizer {
  object_key key;
  std::string resource_version;
  std::vector<std::string> finalizers;
};

// ---- Console
// ---------------------------------------------------------------------------------------------------

// Names or IDs of the spec to IDs. Answered from a short-lived directory of the connection where possible.
struct resolve_names {
  std::string project;  // of the account itself; empty: organization level
  access own;
  std::map<std::string, access, std::less<>> project_access;
};
struct read_account {
  std::string id;
  std::string project_id;
};
// All accounts that bear a marker of this cluster, namespace and name, whatever UID. Answered from one
// listing that is shared by the objects of a connection that ask at about the same time, never from one older
// than `not_before`.
struct list_accounts {
  time_point not_before{};
  std::string
      named;  // also those of that name at that level that bear no marker of this cluster; empty: none
  std::string project_id;  // of `named`; empty: organization level
};
struct create_account {
  account_fields fields;
  std::string project_id;
};
struct renew_token {
  std::string id;
  std::string project_id;
  std::optional<time_point> expires_at;  // nullopt: never expires
};
struct update_account {
  std::string id;
  std::string project_id;
  account_fields fields;
};
struct delete_account {
  std::string id;
  std::string project_id;
};
// Authenticates with the token itself.
struct verify_token {
  token_handle token;
};
// Authenticates with the connection's own credential: a Console that rejects everything proves nothing about
// a token. That it is rejected is an error.
struct check_credential {};
// Has the pods of a workload replaced: notes `revisions` on its pod template. Changes nothing where it stands
// there already.
struct restart_workload {
  object_key key;
  workload_kind kind = workload_kind::deployment;
  std::string revisions;
};
// Asks for leave to renew a token that the Console rejects; answered without I/O. Of a connection's accounts
// only a tenth gets it in an hour, and of one account one renewal: a broken Console must not make us renew a
// fleet. Leave that was not used counts from when it is asked for again.
struct reserve_revocation {
  bool again = false;  // this process has leave for the account that it has not used
};

using request = std::variant<patch_intent, read_secret, dry_run_secret, write_secret, remove_secret,
                             patch_status, remove_finalizer, resolve_names, read_account, list_accounts,
                             create_account, renew_token, update_account, delete_account, verify_token,
                             check_credential, reserve_revocation, restart_workload>;

// ---- Answers
// ---------------------------------------------------------------------------------------------------

struct object_patched {  // patch_intent, patch_status, remove_finalizer
  object_meta meta;
};
struct secret_read {
  std::optional<secret_content> content;  // nullopt: there is none
};
struct dry_run_passed {};
struct secret_written {
  object_meta meta;
};
struct secret_removed {};  // also when it was gone already
// A project or custom role that the spec names, by both its names: ceilings may use either.
struct known_as {
  std::string id;
  std::string name;
  bool operator==(const known_as&) const = default;
};
struct names_resolved {
  std::string project_id;
  string_set roles;  // permission codes and role IDs at the account's own level
  std::map<std::string, string_set, std::less<>> projects;  // by project ID
  // Of all levels together, for the connection's ceiling.
  std::vector<known_as> named_projects = {};
  std::vector<known_as> named_roles = {};
  string_set role_permissions = {};  // what those roles carry
};
struct names_unresolved {
  enum class kind : std::uint8_t { project, role };
  kind what = kind::project;
  std::string message;  // names it and says what exists
};
struct account_read {
  std::optional<account> found;  // nullopt: 404
};
struct accounts_listed {
  std::vector<account> found;
};
struct token_minted {  // create_account, renew_token
  std::string account_id;
  token_handle token;
  std::string fingerprint;
  std::optional<time_point> expires_at;  // as granted
};
struct account_updated {};  // the account now has the fields that were sent
struct account_deleted {};  // also when it was gone already
struct token_verified {
  bool live = false;
};
struct credential_checked {};  // it is accepted
struct workload_restarted {
  std::string problem;  // why it can't be, for people: it does not exist, or may not be changed; empty: done
};
struct revocation_reserved {
  bool granted = false;
  time_point retry_at{};  // where it is not granted
};

using response = std::variant<std::monostate, object_patched, secret_read, dry_run_passed, secret_written,
                              secret_removed, names_resolved, names_unresolved, account_read, accounts_listed,
                              token_minted, account_updated, account_deleted, token_verified,
                              credential_checked, revocation_reserved, workload_restarted, api_error>;

// ---- Ends
// ------------------------------------------------------------------------------------------------------

struct finished {};  // until something changes
struct requeue_at {  // until something changes, or then
  time_point at{};
};
struct back_off {  // again with the key's exponential back-off, not before at_least and not after at_most
  duration at_least{};
  duration at_most = std::chrono::minutes(5);
  bool holds_token = false;  // one that is nowhere but in memory waits to be written
};
struct read_again {};  // our view was stale: again as soon as possible

using stop = std::variant<finished, requeue_at, back_off, read_again>;

// A Kubernetes event about the object, to be recorded (never waited for).
struct event_note {
  bool warning = false;
  std::string reason;
  std::string action;  // what was done or tried: Issue, Renew, Update, Delete, Reconcile
  std::string note;
};

}  // namespace platformer::accounts
