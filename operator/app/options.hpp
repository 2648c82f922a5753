// The program's options: from the command line, else from the environment, else their defaults.
//
//   auto given = parse_options({argv + 1, argv + argc}, kube::environment_of(environ).get);
//   if (!given) { std::cout << given.error().out; std::cerr << given.error().err; return given.error().code;
//   }
//
// Every option has a twin in the environment: PLATFORMER_OPERATOR_ and the option's name in upper case, '-'
// as
// '_' (PLATFORMER_OPERATOR_WATCH_NAMESPACE=a,b). A variable that is set but empty counts as not set.
// Variables that start so and are no option's are ignored, as Kubernetes itself sets such for a Service of
// that name (PLATFORMER_OPERATOR_SERVICE_HOST).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/option_values.hpp"

namespace platformer::app {

// Metrics over TLS, for those whom Kubernetes lets have them.
struct metrics_options {
  bool secure = false;
  listen_address bind_address{.host = "0.0.0.0", .port = 8443};  // of /metrics, when secure
  std::string certificate_folder;                                // given when secure
  std::string certificate_name = "tls.crt";
  std::string key_name = "tls.key";
  bool operator==(const metrics_options&) const = default;
};

struct options {
  std::string kubeconfig;                     // empty: as kube::load_kube_config decides
  std::string context;                        // empty: the kubeconfig's current one
  std::vector<std::string> watch_namespaces;  // sorted, each once; empty: all
  std::string selector;                       // label selector on ServiceAccounts; empty: all
  std::string cluster_id;                     // empty: the UID of namespace kube-system
  unsigned workers = 64;                      // concurrent reconciles
  listen_address bind_address;                // of /livez and /readyz; of /metrics unless metrics.secure
  bool leader_elect = false;
  std::string leader_election_namespace;  // of the Lease; empty: the pod's or the kubeconfig context's
  duration lease_duration = std::chrono::seconds(15);  // whole seconds, > renew_deadline > retry_period
  duration renew_deadline = std::chrono::seconds(10);
  duration retry_period = std::chrono::seconds(2);
  bool metrics_per_account = false;  // two more series an account
  metrics_options metrics;
  log_level level = log_level::info;
  log_format format = log_format::text;
};

inline constexpr int exit_ok = 0;
inline constexpr int exit_bad_options = 2;

// The program is to print this and end: --help, --version or a bad option.
struct early_exit {
  int code = exit_ok;
  std::string out{};  // for standard output
  std::string err{};  // for standard error
};

// The value of a variable; nullopt: not set.
using environment_lookup = std::function<std::optional<std::string>(const std::string& name)>;

// `arguments` without the program's name.
result<options, early_exit> parse_options(std::vector<std::string> arguments,
                                          const environment_lookup& environment);

}  // namespace platformer::app
