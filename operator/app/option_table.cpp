#include "app/option_table.hpp"

#include <algorithm>
#include <array>

namespace platformer::app {
namespace {

result<void> nonempty(std::string& into, std::string_view text) {
  if (text.empty()) return fail("\"\" is no value");
  into = text;
  return {};
}

// Puts what was read where it belongs, or hands the failure on.
template <class T>
result<void> store(T& into, result<T> read) {
  if (!read) return tl::unexpected(read.error());
  into = std::move(*read);
  return {};
}

result<void> add_namespaces(options& into, std::string_view text) {
  auto names = parse_namespaces(text);
  if (!names) return tl::unexpected(names.error());
  into.watch_namespaces.insert(into.watch_namespaces.end(), names->begin(), names->end());
  std::sort(into.watch_namespaces.begin(), into.watch_namespaces.end());
  const auto repeats = std::unique(into.watch_namespaces.begin(), into.watch_namespaces.end());
  into.watch_namespaces.erase(repeats, into.watch_namespaces.end());
  if (into.watch_namespaces.size() > namespaces_max)
    return fail("more than " + std::to_string(namespaces_max) + " namespaces; watch all of them instead");
  return {};
}

// Parser, environment and help are made from this table; the defaults in the texts are those of `options`.
constexpr std::array settings = {
    setting{"kubeconfig", "FILE", "Which cluster",
            "How to reach the cluster. Default: in a pod its service\n"
            "account, else $KUBECONFIG or ~/.kube/config",
            false, [](options& into, std::string_view text) { return nonempty(into.kubeconfig, text); }},
    setting{"context", "NAME", "Which cluster", "The kubeconfig's context. Default: its current one", false,
            [](options& into, std::string_view text) { return nonempty(into.context, text); }},
    setting{
        "cluster-id", "ID", "Which cluster",
        "The cluster's identity in the accounts' marks, for a cluster\n"
        "that was rebuilt. Default: the UID of namespace kube-system",
        false,
        [](options& into, std::string_view text) { return store(into.cluster_id, parse_cluster_id(text)); }},
    setting{"watch-namespace", "NAMESPACE", "Which objects",
            "Look after this namespace only; may be repeated, or several\n"
            "separated by commas. Default: all namespaces",
            true, add_namespaces},
    setting{"selector", "LABELS", "Which objects",
            "Look after ServiceAccounts with these labels only, written as\n"
            "for kubectl (team=a,stage in (test,prod)). Default: all",
            false,
            [](options& into, std::string_view text) { return store(into.selector, parse_selector(text)); }},
    setting{"workers", "N", "How it runs", "Objects worked on at a time, 1 to 256. Default: 32", false,
            [](options& into, std::string_view text) { return store(into.workers, parse_workers(text)); }},
    setting{"bind-address", "ADDR:PORT", "How it runs",
            "Where /livez, /readyz and, without --metrics-secure, /metrics\n"
            "are served; port 0 takes a free one. Default: 0.0.0.0:8080",
            false,
            [](options& into, std::string_view text) {
              return store(into.bind_address, parse_listen_address(text));
            }},
    setting{"metrics-per-account", "", "How it runs",
            "Give each account's expiry and renewal as series of its own:\n"
            "some 200 bytes an account at each scrape",
            false,
            [](options& into, std::string_view text) {
              return store(into.metrics_per_account, parse_switch(text));
            }},
    setting{"log-level", "LEVEL", "How it runs", "trace, debug, info, warning or error. Default: info", false,
            [](options& into, std::string_view text) { return store(into.level, parse_log_level(text)); }},
    setting{"log-format", "FORMAT", "How it runs", "text or json (one object a line). Default: text", false,
            [](options& into, std::string_view text) { return store(into.format, parse_log_format(text)); }},
    setting{
        "metrics-secure", "", "Metrics over TLS",
        "Serve /metrics over TLS only, on a port of its own, and only to\n"
        "whom Kubernetes allows to get it",
        false,
        [](options& into, std::string_view text) { return store(into.metrics.secure, parse_switch(text)); }},
    setting{"metrics-bind-address", "ADDR:PORT", "Metrics over TLS",
            "Where, with --metrics-secure. Default: 0.0.0.0:8443", false,
            [](options& into, std::string_view text) {
              return store(into.metrics.bind_address, parse_listen_address(text));
            }},
    setting{
        "metrics-cert-path", "DIR", "Metrics over TLS",
        "The folder with the server's certificate and key; they are\n"
        "read again when they change",
        false,
        [](options& into, std::string_view text) { return nonempty(into.metrics.certificate_folder, text); }},
    setting{"metrics-cert-name", "FILE", "Metrics over TLS",
            "The certificate's file in that folder. Default: tls.crt", false,
            [](options& into, std::string_view text) {
              return store(into.metrics.certificate_name, parse_file_name(text));
            }},
    setting{"metrics-cert-key", "FILE", "Metrics over TLS", "The key's file. Default: tls.key", false,
            [](options& into, std::string_view text) {
              return store(into.metrics.key_name, parse_file_name(text));
            }},
    setting{
        "leader-elect", "", "Several replicas",
        "Act only while holding a Lease, so that several replicas can run", false,
        [](options& into, std::string_view text) { return store(into.leader_elect, parse_switch(text)); }},
    setting{"leader-election-namespace", "NAMESPACE", "Several replicas",
            "Where the Lease is. Default: the pod's namespace, else that of\n"
            "the kubeconfig's context",
            false,
            [](options& into, std::string_view text) {
              return store(into.leader_election_namespace, parse_namespace(text));
            }},
    setting{"leader-election-lease-duration", "TIME", "Several replicas",
            "How long after its last sign of life a leader is replaced,\n"
            "in whole seconds. Default: 15s",
            false,
            [](options& into, std::string_view text) {
              return store(into.lease_duration, parse_election_time(text));
            }},
    setting{"leader-election-renew-deadline", "TIME", "Several replicas",
            "How long a leader tries to renew before it gives up.\n"
            "Default: 10s",
            false,
            [](options& into,
               std::string_view text) { return store(into.renew_deadline, parse_election_time(text)); }},
    setting{"leader-election-retry-period", "TIME", "Several replicas",
            "How often a leader renews and a standby looks. Default: 2s", false,
            [](options& into, std::string_view text) {
              return store(into.retry_period, parse_election_time(text));
            }},
};

}  // namespace

std::span<const setting> all_settings() {
  return settings;
}

}  // namespace platformer::app
