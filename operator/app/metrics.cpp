#include "app/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

#include "app/process_metrics.hpp"
#include "controllers/reconcile/work_key.hpp"
#include "model/condition.hpp"
#include "model/names.hpp"

namespace platformer::app {
namespace {

using counters = prometheus::Family<prometheus::Counter>;
using gauges = prometheus::Family<prometheus::Gauge>;
using histograms = prometheus::Family<prometheus::Histogram>;

constexpr std::string_view other = "other";

constexpr std::array controller_names = {to_string(controllers::work_kind::service_account),
                                         to_string(controllers::work_kind::console_connection)};
constexpr std::array resources = {names::service_account_plural, names::console_connection_plural,
                                  names::cluster_console_connection_plural, std::string_view("secrets"),
                                  std::string_view("namespaces")};
constexpr std::array causes = {mint_cause::initial_issue,      mint_cause::renew_request,
                               mint_cause::scheduled_renewal,  mint_cause::token_lost,
                               mint_cause::account_lost,       mint_cause::adoption,
                               mint_cause::revoked_externally, mint_cause::recovery};
constexpr std::array results = {reconcile_result::success, reconcile_result::requeue_after,
                                reconcile_result::requeue, reconcile_result::error};

// From a look into the stores to a Console call at its deadline, in seconds.
const prometheus::Histogram::BucketBoundaries reconcile_buckets = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};

counters& add_counter(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}
gauges& add_gauge(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(in);
}

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& known, std::string_view value) {
  return std::string(std::find(known.begin(), known.end(), value) == known.end() ? other : value);
}

std::string known_reason(std::string_view name) {
  const bool known = std::any_of(reason::all.begin(), reason::all.end(),
                                 [&](const reason_info* each) { return each->name == name; });
  return std::string(known ? name : other);
}

std::string status_code(int status, std::string_view without) {
  return status >= 100 && status <= 599 ? std::to_string(status) : std::string(without);
}

void raise_to(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

}  // namespace

std::string_view to_string(reconcile_result result) {
  switch (result) {
    case reconcile_result::success:
      return "success";
    case reconcile_result::requeue_after:
      return "requeue_after";
    case reconcile_result::requeue:
      return "requeue";
    case reconcile_result::error:
      return "error";
  }
  return "error";
}

struct metrics::impl {
  explicit impl(std::string_view program_version);
  void start_at_zero();
  void read_process();

  prometheus::Registry registry;
  gauges& build_info =
      add_gauge(registry, "platformer_operator_build_info", "The program's version; always 1.");
  counters& reconciles =
      add_counter(registry, "controller_runtime_reconcile_total", "Reconciles by how they ended.");
  histograms& reconcile_time = prometheus::BuildHistogram()
                                   .Name("controller_runtime_reconcile_time_seconds")
                                   .Help("How long a reconcile took.")
                                   .Register(registry);
  gauges& queue_depth = add_gauge(registry, "workqueue_depth", "Objects that are ready to be worked on.");
  counters& queue_adds = add_counter(registry, "workqueue_adds_total", "Objects put into the work queue.");
  counters& queue_retries = add_counter(registry, "workqueue_retries_total",
                                        "Objects put back into the work queue after a failure.");
  counters& kube_requests = add_counter(registry, "rest_client_requests_total",
                                        "Requests to the apiserver; code <error>: there was no reply.");
  counters& console_requests =
      add_counter(registry, "platformer_operator_console_requests_total",
                  "Requests to the Console by operation and HTTP status or, without one, error.");
  counters& minted = add_counter(registry, "platformer_operator_tokens_minted_total",
                                 "Tokens that the Console issued to us, by cause.");
  counters& restarts = add_counter(registry, "platformer_operator_watch_restarts_total",
                                   "Complete lists after the first: a watch could not be continued.");
  gauges& accounts = add_gauge(registry, "platformer_operator_service_accounts",
                               "ServiceAccount objects by their Ready condition.");
  std::vector<prometheus::Gauge*> account_counts;
  prometheus::Gauge& orphans =
      add_gauge(registry, "platformer_operator_orphaned_accounts",
                "Accounts at the Console whose ServiceAccount is gone, as connections list them in status.")
          .Add({});
  gauges& leader = add_gauge(registry, "leader_election_master_status",
                             "1 while this process leads by the lease of that name, 0 on a standby.");

  prometheus::Counter& cpu =
      add_counter(registry, "process_cpu_seconds_total", "User and system CPU time spent.").Add({});
  prometheus::Gauge& started =
      add_gauge(registry, "process_start_time_seconds", "Start of the process since the epoch.").Add({});
  prometheus::Gauge& resident =
      add_gauge(registry, "process_resident_memory_bytes", "Resident memory size.").Add({});
  prometheus::Gauge& virtual_size =
      add_gauge(registry, "process_virtual_memory_bytes", "Virtual memory size.").Add({});
  prometheus::Gauge& descriptors =
      add_gauge(registry, "process_open_fds", "Number of open file descriptors.").Add({});
  prometheus::Gauge& max_descriptors =
      add_gauge(registry, "process_max_fds", "Maximum number of open file descriptors.").Add({});
};

metrics::impl::impl(std::string_view program_version) {
  build_info.Add({{"version", std::string(program_version)}}).Set(1);
  start_at_zero();
}

// A series that appears only with its first event has no rate for that event.
void metrics::impl::start_at_zero() {
  for (const std::string_view controller : controller_names) {
    for (const reconcile_result each : results)
      reconciles.Add({{"controller", std::string(controller)}, {"result", std::string(to_string(each))}});
    reconcile_time.Add({{"controller", std::string(controller)}}, reconcile_buckets);
    queue_depth.Add({{"name", std::string(controller)}});
    queue_adds.Add({{"name", std::string(controller)}});
    queue_retries.Add({{"name", std::string(controller)}});
  }
  for (const mint_cause cause : causes)
    minted.Add({{"cause", std::string(to_string(cause))}});
  for (const std::string_view resource : resources)
    restarts.Add({{"resource", std::string(resource)}});
}

void metrics::impl::read_process() {
  const auto now = read_process_numbers();
  if (!now) return;
  raise_to(cpu, now->cpu_seconds);
  started.Set(now->start_time);
  resident.Set(now->resident_bytes);
  virtual_size.Set(now->virtual_bytes);
  descriptors.Set(now->open_descriptors);
  max_descriptors.Set(now->max_descriptors);
}

metrics::metrics(std::string_view program_version) : impl_(std::make_unique<impl>(program_version)) {}
metrics::~metrics() = default;

void metrics::observe_reconcile(std::string_view controller, reconcile_result outcome, double seconds) {
  const std::string name = one_of(controller_names, controller);
  impl_->reconciles.Add({{"controller", name}, {"result", std::string(to_string(outcome))}}).Increment();
  impl_->reconcile_time.Add({{"controller", name}}, reconcile_buckets).Observe(std::max(seconds, 0.0));
}

void metrics::set_queue(std::string_view controller, const runtime::queue_statistics& queue) {
  const prometheus::Labels labels = {{"name", one_of(controller_names, controller)}};
  std::uint64_t adds = 0;
  for (const auto& level : queue.levels)
    adds += level.adds;
  impl_->queue_depth.Add(labels).Set(static_cast<double>(queue.depth()));
  raise_to(impl_->queue_adds.Add(labels), static_cast<double>(adds));
  raise_to(impl_->queue_retries.Add(labels), static_cast<double>(queue.retries));
}

void metrics::count_kube_request(net::http_method method, int status) {
  impl_->kube_requests
      .Add({{"code", status_code(status, "<error>")}, {"method", std::string(net::to_string(method))}})
      .Increment();
}

void metrics::count_console_request(console::call operation, int status) {
  impl_->console_requests
      .Add({{"operation", std::string(console::operation_id(operation))},
            {"code", status_code(status, other)}})
      .Increment();
}

void metrics::count_console_request(console::call operation, const api_error& failure) {
  impl_->console_requests
      .Add({{"operation", std::string(console::operation_id(operation))},
            {"code", status_code(failure.http_status, to_string(failure.code))}})
      .Increment();
}

void metrics::count_mint(mint_cause cause) {
  impl_->minted.Add({{"cause", std::string(to_string(cause))}}).Increment();
}

void metrics::count_mint(std::string_view cause) {
  const auto known = parse_mint_cause(cause);
  impl_->minted.Add({{"cause", std::string(known ? to_string(*known) : other)}}).Increment();
}

void metrics::count_watch_restart(std::string_view resource) {
  impl_->restarts.Add({{"resource", one_of(resources, resource)}}).Increment();
}

void metrics::set_orphans(std::size_t count) {
  impl_->orphans.Set(static_cast<double>(count));
}

void metrics::set_leader(std::string_view lease, bool leads) {
  impl_->leader.Add({{"name", std::string(lease)}}).Set(leads ? 1 : 0);
}

void metrics::set_service_accounts(const std::map<readiness, std::size_t>& counts) {
  for (prometheus::Gauge* each : impl_->account_counts)
    impl_->accounts.Remove(each);
  impl_->account_counts.clear();
  std::map<std::pair<bool, std::string>, std::size_t> known;
  for (const auto& [state, count] : counts)
    known[{state.ready, known_reason(state.reason)}] += count;
  for (const auto& [state, count] : known) {
    auto& gauge = impl_->accounts.Add({{"ready", state.first ? "true" : "false"}, {"reason", state.second}});
    gauge.Set(static_cast<double>(count));
    impl_->account_counts.push_back(&gauge);
  }
}

std::string metrics::serialize() {
  impl_->read_process();
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, impl_->registry.Collect());
  return std::move(text).str();
}

}  // namespace platformer::app
