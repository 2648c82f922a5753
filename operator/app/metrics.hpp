// What Prometheus is told, under the names that controller-runtime and client-go made customary.
//
//   metrics m(version());
//   m.observe_reconcile("serviceaccount", reconcile_result::success, seconds);
//   … in the /metrics handler: m.set_queue("serviceaccount", queue.statistics(now)); return m.serialize();
//
// Every label's values come from a closed list and anything else is counted as "other", so that nothing that
// a user names can make the number of series grow. No global state: each object has a registry of its own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "console/routes.hpp"
#include "model/api_error.hpp"
#include "model/operation.hpp"
#include "net/http_client.hpp"
#include "runtime/work_queue_types.hpp"

namespace platformer::app {

// How a reconcile ended, as controller-runtime counts it.
enum class reconcile_result : std::uint8_t {
  success,        // nothing more to do
  requeue_after,  // comes back at a known time
  requeue,        // comes back at once or after a back-off, without an error
  error,          // failed; comes back after a back-off
};

std::string_view to_string(reconcile_result result);  // "requeue_after"

// A Ready condition, as ServiceAccounts are counted by it.
struct readiness {
  bool ready = false;
  std::string reason;  // of reason::all
  auto operator<=>(const readiness&) const = default;
};

class metrics {
 public:
  explicit metrics(std::string_view program_version);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  // `controller` is to_string(work_kind).
  void observe_reconcile(std::string_view controller, reconcile_result outcome, double seconds);
  void observe_reconcile(std::string_view controller, bool succeeded, double seconds) {
    observe_reconcile(controller, succeeded ? reconcile_result::success : reconcile_result::error, seconds);
  }
  // Of a controller's work queue (label "name"); its adds and retries are totals since it was made.
  void set_queue(std::string_view controller, const runtime::queue_statistics& queue);

  // status 0: there was no reply.
  void count_kube_request(net::http_method method, int status);
  // Counted under the HTTP status, or without one under the error's name ("timeout").
  void count_console_request(console::call operation, int status);
  void count_console_request(console::call operation, const api_error& failure);

  void count_mint(mint_cause cause);
  void count_mint(std::string_view cause);  // to_string(mint_cause)
  // A complete list after a watch's first. `resource` is the plural: "serviceaccounts", "consoleconnections",
  // "secrets".
  void count_watch_restart(std::string_view resource);

  // Accounts whose ServiceAccount is gone, of all connections together.
  void set_orphans(std::size_t count);

  // Whether this process leads by that lease; before the first call there is no such series.
  void set_leader(std::string_view lease, bool leads);

  // Replaces what was set before: combinations that are missing are no series any more.
  void set_service_accounts(const std::map<readiness, std::size_t>& counts);

  // All of it in Prometheus' text format 0.0.4, with the process' own numbers as they are now.
  std::string serialize();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace platformer::app
