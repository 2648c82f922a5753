// What Prometheus is told, under the names that controller-runtime and client-go made customary.
//
//   metrics m(version());
//   m.observe_reconcile("serviceaccount", reconcile_result::success, seconds);
//   … in the /metrics handler: m.set_queue("serviceaccount", queue.statistics(now)); return m.serialize();
//
// Every label's values come from a closed list and anything else is counted as "other", so that nothing that
// a user names can make the number of series grow. What is told of single objects is in
// app/fleet_metrics.hpp. No global state: each object has a registry of its own.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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

// What a reconcile spends its time with.
enum class reconcile_phase : std::uint8_t {
  decide,      // deciding, with what is known
  kubernetes,  // requests to the apiserver
  console,     // calls of the Console, the wait for their turn included
};

std::string_view to_string(reconcile_phase phase);  // "kubernetes"

// What a controller's queue and workers are doing.
struct queue_state {
  runtime::queue_statistics queue;
  std::size_t workers = 0;     // that have been started and take objects
  std::size_t busy = 0;        // of these, those that have an object
  double unfinished = 0;       // seconds that they have spent on them, all told
  double longest_running = 0;  // seconds that one of them has spent, at most
};

class metrics {
 public:
  explicit metrics(std::string_view program_version);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  // `controller` is to_string(work_kind).
  void observe_reconcile(std::string_view controller, reconcile_result ended, double seconds);
  void observe_reconcile(std::string_view controller, bool succeeded, double seconds) {
    observe_reconcile(controller, succeeded ? reconcile_result::success : reconcile_result::error, seconds);
  }
  // The part of one reconcile that went into that phase; once for each phase that it had.
  void observe_phase(std::string_view controller, reconcile_phase phase, double seconds);
  // How long an object was ready before a worker took it.
  void observe_wait(std::string_view controller, double seconds);
  // Of a controller's work queue (label "name"); its adds and retries are totals since it was made.
  void set_queue(std::string_view controller, const queue_state& state);

  // status 0: there was no reply. Of a watch, the time until it began.
  void count_kube_request(net::http_method method, int status, double seconds);
  // Counted under the HTTP status, or without one under the error's name ("timeout").
  void count_console_request(console::call operation, int status, double seconds);
  void count_console_request(console::call operation, const api_error& failure, double seconds);

  void count_mint(mint_cause cause);
  void count_mint(std::string_view cause);  // to_string(mint_cause)
  // A complete list after a watch's first. `resource` is the plural: "serviceaccounts", "consoleconnections",
  // "secrets".
  void count_watch_restart(std::string_view resource);

  // An event about an object, written or not. `reason` is of reason::all.
  void count_event(bool warning, std::string_view reason);
  // Events that could not be written since the start.
  void set_events_dropped(std::uint64_t total);

  // Whether this process leads by that lease; before the first call there is no such series.
  void set_leader(std::string_view lease, bool leads);

  // All of it in Prometheus' text format 0.0.4, with the process' own numbers as they are now, and then
  // `more`.
  std::string serialize(const std::vector<prometheus::MetricFamily>& more = {});

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace platformer::app
