#include "app/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <sstream>

#include "app/metrics_impl.hpp"
#include "app/process_metrics.hpp"
#include "model/condition.hpp"
#include "model/names.hpp"

namespace platformer::app {
namespace {

constexpr std::array resources = {names::service_account_plural, names::console_connection_plural,
                                  names::cluster_console_connection_plural, std::string_view("secrets"),
                                  std::string_view("namespaces")};
constexpr std::array causes = {mint_cause::initial_issue,      mint_cause::renew_request,
                               mint_cause::scheduled_renewal,  mint_cause::token_lost,
                               mint_cause::account_lost,       mint_cause::adoption,
                               mint_cause::revoked_externally, mint_cause::recovery};

// client-go's for the apiserver, which answers in milliseconds; up to the longest deadline of a Console call.
const buckets request_buckets = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

std::string status_code(int status, std::string_view without) {
  return status >= 100 && status <= 599 ? std::to_string(status) : std::string(without);
}

prometheus::Gauge& lone_gauge(prometheus::Registry& in, const char* name, const char* help) {
  return add_gauge(in, name, help).Add({});
}

}  // namespace

std::string_view known_reason(std::string_view name) {
  const bool known = std::any_of(reason::all.begin(), reason::all.end(),
                                 [&](const reason_info* each) { return each->name == name; });
  return known ? name : other_value;
}

request_families::request_families(prometheus::Registry& registry)
    : kube(add_counter(registry, "rest_client_requests_total",
                       "Requests to the apiserver; code <error>: there was no reply.")),
      kube_time(add_histogram(registry, "rest_client_request_duration_seconds",
                              "How long the apiserver took to reply; of a watch, until it began.")),
      console(add_counter(registry, "platformer_operator_console_requests_total",
                          "Requests to the Console by operation and HTTP status or, without one, error.")),
      console_time(add_histogram(registry, "platformer_operator_console_request_duration_seconds",
                                 "How long the Console took to reply, by operation.")),
      minted(add_counter(registry, "platformer_operator_tokens_minted_total",
                         "Tokens that the Console issued to us, by cause.")),
      restarts(add_counter(registry, "platformer_operator_watch_restarts_total",
                           "Complete lists after the first: a watch could not be continued.")),
      events(
          add_counter(registry, "platformer_operator_events_total",
                      "Events about objects, by type and reason; those that only add to a series included.")),
      events_dropped(add_counter(registry, "platformer_operator_events_dropped_total",
                                 "Events that could not be written.")
                         .Add({})) {
  for (const mint_cause cause : causes)
    minted.Add({{"cause", std::string(to_string(cause))}});
  for (const std::string_view resource : resources)
    restarts.Add({{"resource", std::string(resource)}});
}

process_families::process_families(prometheus::Registry& registry)
    : cpu(add_counter(registry, "process_cpu_seconds_total", "User and system CPU time spent.").Add({})),
      started(lone_gauge(registry, "process_start_time_seconds", "Start of the process since the epoch.")),
      resident(lone_gauge(registry, "process_resident_memory_bytes", "Resident memory size.")),
      virtual_size(lone_gauge(registry, "process_virtual_memory_bytes", "Virtual memory size.")),
      descriptors(lone_gauge(registry, "process_open_fds", "Number of open file descriptors.")),
      max_descriptors(lone_gauge(registry, "process_max_fds", "Maximum number of open file descriptors.")) {}

void process_families::read() {
  const auto now = read_process_numbers();
  if (!now) return;
  raise_to(cpu, now->cpu_seconds);
  started.Set(now->start_time);
  resident.Set(now->resident_bytes);
  virtual_size.Set(now->virtual_bytes);
  descriptors.Set(now->open_descriptors);
  max_descriptors.Set(now->max_descriptors);
}

metrics::impl::impl(std::string_view program_version)
    : leader(add_gauge(registry, "leader_election_master_status",
                       "1 while this process leads by the lease of that name, 0 on a standby.")) {
  add_gauge(registry, "platformer_operator_build_info", "The program's version; always 1.")
      .Add({{"version", std::string(program_version)}})
      .Set(1);
}

metrics::metrics(std::string_view program_version) : impl_(std::make_unique<impl>(program_version)) {}
metrics::~metrics() = default;

void metrics::count_kube_request(net::http_method method, int status, double seconds) {
  const std::string verb(net::to_string(method));
  impl_->requests.kube.Add({{"code", status_code(status, "<error>")}, {"method", verb}}).Increment();
  impl_->requests.kube_time.Add({{"verb", verb}}, request_buckets).Observe(std::max(seconds, 0.0));
}

void metrics::count_console_request(console::call operation, int status, double seconds) {
  const std::string name(console::operation_id(operation));
  impl_->requests.console.Add({{"operation", name}, {"code", status_code(status, other_value)}}).Increment();
  impl_->requests.console_time.Add({{"operation", name}}, request_buckets).Observe(std::max(seconds, 0.0));
}

void metrics::count_console_request(console::call operation, const api_error& failure, double seconds) {
  const std::string name(console::operation_id(operation));
  const std::string code = status_code(failure.http_status, to_string(failure.code));
  impl_->requests.console.Add({{"operation", name}, {"code", code}}).Increment();
  impl_->requests.console_time.Add({{"operation", name}}, request_buckets).Observe(std::max(seconds, 0.0));
}

void metrics::count_mint(mint_cause cause) {
  impl_->requests.minted.Add({{"cause", std::string(to_string(cause))}}).Increment();
}

void metrics::count_mint(std::string_view cause) {
  const auto known = parse_mint_cause(cause);
  impl_->requests.minted.Add({{"cause", std::string(known ? to_string(*known) : other_value)}}).Increment();
}

void metrics::count_watch_restart(std::string_view resource) {
  impl_->requests.restarts.Add({{"resource", one_of(resources, resource)}}).Increment();
}

void metrics::count_event(bool warning, std::string_view reason) {
  impl_->requests.events
      .Add({{"type", warning ? "Warning" : "Normal"}, {"reason", std::string(known_reason(reason))}})
      .Increment();
}

void metrics::set_events_dropped(std::uint64_t total) {
  raise_to(impl_->requests.events_dropped, static_cast<double>(total));
}

void metrics::set_leader(std::string_view lease, bool leads) {
  impl_->leader.Add({{"name", std::string(lease)}}).Set(leads ? 1 : 0);
}

std::string metrics::serialize(const std::vector<prometheus::MetricFamily>& more) {
  impl_->process.read();
  std::ostringstream text;
  const prometheus::TextSerializer serializer;
  serializer.Serialize(text, impl_->registry.Collect());
  serializer.Serialize(text, more);
  return std::move(text).str();
}

}  // namespace platformer::app
