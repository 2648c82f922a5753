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

// 0 for what is no HTTP status.
std::uint32_t number_of(int status) {
  return status >= 100 && status <= 599 ? static_cast<std::uint32_t>(status) : 0;
}
// Of an api_errc that came without a status.
constexpr std::uint32_t first_error_number = 1000;

std::string status_code(int status, std::string_view without) {
  return number_of(status) != 0 ? std::to_string(status) : std::string(without);
}

auto place_of(std::string_view name) {
  return std::find_if(reason::all.begin(), reason::all.end(),
                      [&](const reason_info* each) { return each->name == name; });
}

prometheus::Gauge& lone_gauge(prometheus::Registry& in, const char* name, const char* help) {
  return add_gauge(in, name, help).Add({});
}

}  // namespace

std::string_view known_reason(std::string_view name) {
  return place_of(name) != reason::all.end() ? name : other_value;
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
  auto& to = impl_->requests;
  const auto verb = static_cast<std::uint32_t>(method);
  to.kube_known
      .get(
          verb << 16 | number_of(status),
          [&]() -> auto& {
            return to.kube.Add(
                {{"code", status_code(status, "<error>")}, {"method", std::string(net::to_string(method))}});
          })
      .Increment();
  to.kube_time_known
      .get(
          verb,
          [&]() -> auto& {
            return to.kube_time.Add({{"verb", std::string(net::to_string(method))}}, request_buckets);
          })
      .Observe(std::max(seconds, 0.0));
}

// `ended` stands for `code`.
void request_families::count_console(console::call operation, std::uint32_t ended, std::string_view code,
                                     double seconds) {
  const auto called = static_cast<std::uint32_t>(operation);
  const std::string_view name = console::operation_id(operation);
  console_known
      .get(
          called << 16 | ended,
          [&]() -> auto& {
            return console.Add({{"operation", std::string(name)}, {"code", std::string(code)}});
          })
      .Increment();
  console_time_known
      .get(
          called,
          [&]() -> auto& {
            return console_time.Add({{"operation", std::string(name)}}, request_buckets);
          })
      .Observe(std::max(seconds, 0.0));
}

void metrics::count_console_request(console::call operation, int status, double seconds) {
  impl_->requests.count_console(operation, number_of(status), status_code(status, other_value), seconds);
}

void metrics::count_console_request(console::call operation, const api_error& failure, double seconds) {
  const std::uint32_t status = number_of(failure.http_status);
  const auto code = static_cast<std::uint32_t>(failure.code);
  impl_->requests.count_console(operation, status != 0 ? status : first_error_number + code,
                                status_code(failure.http_status, to_string(failure.code)), seconds);
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
  auto& to = impl_->requests;
  const auto place = static_cast<std::uint32_t>(place_of(reason) - reason::all.begin());
  to.events_known
      .get(
          place << 1 | (warning ? 1U : 0U),
          [&]() -> auto& {
            return to.events.Add(
                {{"type", warning ? "Warning" : "Normal"}, {"reason", std::string(known_reason(reason))}});
          })
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
