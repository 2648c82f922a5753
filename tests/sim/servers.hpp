// The two servers as the operator's requests reach them: each request of the decision core is carried out on
// a model and answered as the shell (operator/app) would hand the answer on.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "controllers/console_connection/effects.hpp"
#include "controllers/service_account/effects.hpp"
#include "tests/models/console_model.hpp"
#include "tests/models/kube_model.hpp"

namespace platformer::sim {

// The answer, and the object as a write of ours left it: the shell notes it in its caches when the answer
// comes.
template <class Response>
struct served {
  Response reply;
  models::kube_pointer noted;
  std::vector<account> listed = {};  // for connections::list_orphans
};

// What a request needs to know of who sends it.
struct caller {
  object_key object;  // that is being reconciled
  std::string organization_id;
  std::string credential;  // of the connection, for Authorization
};

// A workload that a ServiceAccount has restarted: what its pod template is annotated with.
struct workload {
  std::string revisions;
  std::uint64_t restarts = 0;
};

struct servers {
  models::kube_model kube;
  models::console_model console;
  std::map<std::string, workload, std::less<>> workloads;  // by name; all are Deployments of one namespace
  // Of the Console's logins: until then every token is rejected, and the operator's own credential as well.
  time_point tokens_rejected_until{};
  time_point credentials_rejected_until{};

  servers();
  bool accepts(std::string_view token, time_point now) const;

  served<accounts::response> perform(const accounts::request& wanted, const caller& who, time_point now);
  // Everything that is not local to the process.
  served<connections::response> perform(const connections::request& wanted, const caller& who,
                                        time_point now);
  // The accounts of the organization that bear a marker of this cluster, and those of that name and project
  // that don't; no name: none of these.
  result<std::vector<account>, api_error> list_accounts(const caller& who, time_point now,
                                                        std::string_view named = {},
                                                        std::string_view project_id = {}) const;
  // The accounts that bear a connection's own marker, and those of that name that bear none.
  result<std::vector<account>, api_error> list_credentials(const caller& who, time_point now,
                                                           std::string_view named) const;

 private:
  result<std::vector<account>, api_error> list_those(const caller& who, time_point now,
                                                     const std::function<bool(const account&)>& wanted) const;
};

constexpr bool is_console(const accounts::request& wanted) {
  return std::visit(
      []<class Request>(const Request&) {
        return !(std::is_same_v<Request, accounts::reserve_revocation> ||
                 std::is_same_v<Request, accounts::patch_intent> ||
                 std::is_same_v<Request, accounts::read_secret> ||
                 std::is_same_v<Request, accounts::dry_run_secret> ||
                 std::is_same_v<Request, accounts::write_secret> ||
                 std::is_same_v<Request, accounts::remove_secret> ||
                 std::is_same_v<Request, accounts::patch_status> ||
                 std::is_same_v<Request, accounts::remove_finalizer> ||
                 std::is_same_v<Request, accounts::restart_workload>);
      },
      wanted);
}
constexpr bool is_console(const connections::request& wanted) {
  return std::holds_alternative<connections::validate_credential>(wanted) ||
         std::holds_alternative<connections::find_organization>(wanted) ||
         std::holds_alternative<connections::list_orphans>(wanted) ||
         std::holds_alternative<connections::delete_orphan>(wanted) ||
         std::holds_alternative<connections::list_credentials>(wanted) ||
         std::holds_alternative<connections::create_credential>(wanted) ||
         std::holds_alternative<connections::try_credential>(wanted) ||
         std::holds_alternative<connections::delete_credential>(wanted);
}
// Asked while calls are blocked, to learn whether the Console works again (operator/app/connection_calls).
constexpr bool is_probe(const accounts::request& wanted) {
  return std::holds_alternative<accounts::verify_token>(wanted) ||
         std::holds_alternative<accounts::check_credential>(wanted);
}
constexpr bool is_probe(const connections::request& wanted) {
  return std::holds_alternative<connections::validate_credential>(wanted) ||
         std::holds_alternative<connections::try_credential>(wanted);
}
// A look that changes nothing anywhere: what an operator at rest may go on with.
constexpr bool is_look(const accounts::request& wanted) {
  return std::holds_alternative<accounts::list_accounts>(wanted) || is_probe(wanted) ||
         std::holds_alternative<accounts::read_secret>(wanted);
}
constexpr bool is_look(const connections::request& wanted) {
  return std::holds_alternative<connections::list_orphans>(wanted) ||
         std::holds_alternative<connections::list_credentials>(wanted) || is_probe(wanted);
}
constexpr bool mints(const accounts::request& wanted) {
  return std::holds_alternative<accounts::create_account>(wanted) ||
         std::holds_alternative<accounts::renew_token>(wanted);
}

inline constexpr std::string_view operator_token = "operator-credential";
inline constexpr std::string_view organization_id = "org-1";
inline constexpr std::string_view other_organization_id = "org-2";
inline constexpr std::string_view cluster_id = "cluster-1";
// Every token that the Console makes begins so: the oracles search for it where no token may be.
inline constexpr std::string_view token_prefix = "tok~";

}  // namespace platformer::sim
