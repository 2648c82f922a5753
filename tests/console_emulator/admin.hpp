// The emulator's own API, for tests and demonstrations: what is there, what was called, faults, settings, the
// clock, and what a person would do at the Console by hand. JSON in and out, no authentication: bind it to
// loopback.
//
//   GET    /healthz               {"ok": true}
//   GET    /accounts              all, with "fingerprint" ("sha256:<12 hex>", null) and "tokens_issued"
//   POST   /accounts/{id}/delete  by hand; likewise renew, revoke (the token dies, no other comes), and
//   POST   /accounts/{id}/edit    {"name", "description", "roles", "projects", "expired_in"}
//   GET    /calls                 {"total", "counts": {operationId: n}, "calls": [the last 10,000]}
//   DELETE /calls                 starts counting anew
//   POST   /faults                see fault_from_json; GET tells how many wait; DELETE drops them
//   POST   /settings              see settings_from_json
//   POST   /verify                {"token"}: {"live", "account_id", "credential"}; is no operator call
//   POST   /credentials           {"name", "organization_id", "roles", "expired_in"}: {"token"}; replaces
//                                 the one of that name
//   DELETE /credentials/{name}
//   POST   /clock/advance         {"seconds": n}: {"now"}
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "tests/console_emulator/faults.hpp"
#include "tests/console_emulator/http_types.hpp"
#include "tests/console_emulator/journal.hpp"
#include "tests/console_emulator/world.hpp"

namespace platformer::emulator {

inline tl::unexpected<models::refusal> bad_request(std::string message) {
  return models::refuse(400, std::move(message));
}

// {"operation": operationId|"*", "count": 1, "skip": 0, "latency_ms": 0, "status": n, "retry_after": n|"…",
//  "body": "…", "commit": false, "cut": "before"|"after_commit"|"mid_reply", "hang":
//  "before"|"after_commit"}.
// A status alone is answered without carrying the call out; with commit it is carried out nevertheless.
models::answer<fault> fault_from_json(const nlohmann::json& body);

// What is to change; the rest stays.
struct ordered_settings {
  std::optional<models::duplicate_names> duplicates;
  std::optional<duration> list_lag;
  std::optional<models::listing_gap> gap;
  std::optional<std::optional<duration>> longest_lifetime;  // inner nullopt: no cap
};

// {"duplicate_names": "allow"|"refuse", "list_lag_ms": n,
//  "listing_gap": "none"|"last_page_empty"|"last_page_uncounted", "longest_lifetime_seconds": n|null}, at
// least one of them. Only duplicate_names survives a restart.
models::answer<ordered_settings> settings_from_json(const nlohmann::json& body);

class admin_api {
 public:
  admin_api(world& console, fault_list& faults, journal& calls)
      : world_(console), faults_(faults), journal_(calls) {}

  outgoing handle(const incoming& request);

 private:
  using variables = std::map<std::string, std::string, std::less<>>;
  using handler = models::answer<outgoing> (admin_api::*)(const incoming&, const variables&);
  struct row {
    std::string_view method;
    std::string_view path;
    handler handle;
  };
  static const std::vector<row>& table();

  models::answer<outgoing> health(const incoming& request, const variables& in);
  models::answer<outgoing> list_accounts(const incoming& request, const variables& in);
  models::answer<outgoing> delete_account(const incoming& request, const variables& in);
  models::answer<outgoing> renew_account(const incoming& request, const variables& in);
  models::answer<outgoing> revoke_account(const incoming& request, const variables& in);
  models::answer<outgoing> edit_account(const incoming& request, const variables& in);
  models::answer<outgoing> list_calls(const incoming& request, const variables& in);
  models::answer<outgoing> clear_calls(const incoming& request, const variables& in);
  models::answer<outgoing> add_fault(const incoming& request, const variables& in);
  models::answer<outgoing> count_faults(const incoming& request, const variables& in);
  models::answer<outgoing> clear_faults(const incoming& request, const variables& in);
  models::answer<outgoing> change_settings(const incoming& request, const variables& in);
  models::answer<outgoing> verify(const incoming& request, const variables& in);
  models::answer<outgoing> add_credential(const incoming& request, const variables& in);
  models::answer<outgoing> remove_credential(const incoming& request, const variables& in);
  models::answer<outgoing> advance_clock(const incoming& request, const variables& in);

  nlohmann::json describe(const models::stored_account& stored) const;

  world& world_;
  fault_list& faults_;
  journal& journal_;
};

}  // namespace platformer::emulator
