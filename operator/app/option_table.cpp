#include "app/option_table.hpp"

#include <algorithm>
#include <array>

namespace platformer::app {
namespace {

result<std::string> parse_text(std::string_view text) {
  if (text.empty()) return fail("\"\" is no value");
  return std::string(text);
}

// The member of a member … of `of`.
template <auto First, auto... Rest>
auto& member(auto& of) {
  if constexpr (sizeof...(Rest) == 0)
    return of.*First;
  else
    return member<Rest...>(of.*First);
}

// Puts what is read where it belongs, or hands the failure on.
template <auto Parse, auto... Path>
result<void> parsed(options& into, std::string_view text) {
  auto read = Parse(text);
  if (!read) return tl::unexpected(read.error());
  member<Path...>(into) = std::move(*read);
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
            false, parsed<parse_text, &options::kubeconfig>},
    setting{"context", "NAME", "Which cluster", "The kubeconfig's context. Default: its current one", false,
            parsed<parse_text, &options::context>},
    setting{"cluster-id", "ID", "Which cluster",
            "The cluster's identity in the accounts' marks, for a cluster\n"
            "that was rebuilt. Default: the UID of namespace kube-system",
            false, parsed<parse_cluster_id, &options::cluster_id>},
    setting{"watch-namespace", "NAMESPACE", "Which objects",
            "Look after this namespace only; may be repeated, or several\n"
            "separated by commas. Default: all namespaces",
            true, add_namespaces},
    setting{"selector", "LABELS", "Which objects",
            "Look after ServiceAccounts with these labels only, written as\n"
            "for kubectl (team=a,stage in (test,prod)). Default: all",
            false, parsed<parse_selector, &options::selector>},
    setting{"workers", "N", "How it runs", "Objects worked on at a time, 1 to 256. Default: 64", false,
            parsed<parse_workers, &options::workers>},
    setting{"bind-address", "ADDR:PORT", "How it runs",
            "Where /livez, /readyz and, without --metrics-secure, /metrics\n"
            "are served; port 0 takes a free one. Default: 0.0.0.0:8080",
            false, parsed<parse_listen_address, &options::bind_address>},
    setting{"metrics-per-account", "", "How it runs",
            "Give each account's expiry and renewal as series of its own:\n"
            "some 200 bytes an account at each scrape",
            false, parsed<parse_switch, &options::metrics_per_account>},
    setting{"log-level", "LEVEL", "How it runs", "trace, debug, info, warning or error. Default: info", false,
            parsed<parse_log_level, &options::level>},
    setting{"log-format", "FORMAT", "How it runs", "text or json (one object a line). Default: text", false,
            parsed<parse_log_format, &options::format>},
    setting{"metrics-secure", "", "Metrics over TLS",
            "Serve /metrics over TLS only, on a port of its own, and only to\n"
            "whom Kubernetes allows to get it",
            false, parsed<parse_switch, &options::metrics, &metrics_options::secure>},
    setting{"metrics-bind-address", "ADDR:PORT", "Metrics over TLS",
            "Where, with --metrics-secure. Default: 0.0.0.0:8443", false,
            parsed<parse_listen_address, &options::metrics, &metrics_options::bind_address>},
    setting{"metrics-cert-path", "DIR", "Metrics over TLS",
            "The folder with the server's certificate and key; they are\n"
            "read again when they change",
            false, parsed<parse_text, &options::metrics, &metrics_options::certificate_folder>},
    setting{"metrics-cert-name", "FILE", "Metrics over TLS",
            "The certificate's file in that folder. Default: tls.crt", false,
            parsed<parse_file_name, &options::metrics, &metrics_options::certificate_name>},
    setting{"metrics-cert-key", "FILE", "Metrics over TLS", "The key's file. Default: tls.key", false,
            parsed<parse_file_name, &options::metrics, &metrics_options::key_name>},
    setting{"leader-elect", "", "Several replicas",
            "Act only while holding a Lease, so that several replicas can run", false,
            parsed<parse_switch, &options::leader_elect>},
    setting{"leader-election-namespace", "NAMESPACE", "Several replicas",
            "Where the Lease is. Default: the pod's namespace, else that of\n"
            "the kubeconfig's context",
            false, parsed<parse_namespace, &options::leader_election_namespace>},
    setting{"leader-election-lease-duration", "TIME", "Several replicas",
            "How long after its last sign of life a leader is replaced,\n"
            "in whole seconds. Default: 15s",
            false, parsed<parse_election_time, &options::lease_duration>},
    setting{"leader-election-renew-deadline", "TIME", "Several replicas",
            "How long a leader tries to renew before it gives up.\n"
            "Default: 10s",
            false, parsed<parse_election_time, &options::renew_deadline>},
    setting{"leader-election-retry-period", "TIME", "Several replicas",
            "How often a leader renews and a standby looks. Default: 2s", false,
            parsed<parse_election_time, &options::retry_period>},
};

}  // namespace

std::span<const setting> all_settings() {
  return settings;
}

}  // namespace platformer::app
