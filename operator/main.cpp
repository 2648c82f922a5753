// platformer-operator: parse options, wire, run. Nothing else.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <optional>

#include "app/log_switch.hpp"
#include "app/logging.hpp"
#include "app/manager.hpp"
#include "app/metrics.hpp"
#include "app/options.hpp"
#include "app/process_hardening.hpp"
#include "base/version.hpp"
#include "kube/connect.hpp"
#include "kube/kube_config.hpp"
#include "net/system_time.hpp"

namespace {

constexpr int usage_error = 2;

int refuse(const std::string& message) {
  std::fprintf(stderr, "platformer-operator: %s\n", message.c_str());
  return usage_error;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace platformer;
  if (const auto hardened = app::harden_process(); !hardened) return refuse(hardened.error().message);
  const kube::environment env = kube::environment_of(environ);
  auto parsed = app::parse_options({argv + 1, argv + argc}, env.get);
  if (!parsed) {
    std::fputs(parsed.error().out.c_str(), stdout);
    std::fputs(parsed.error().err.c_str(), stderr);
    return parsed.error().code;
  }
  app::options options = std::move(*parsed);
  app::logger log({.level = options.level, .format = options.format});
  const app::swap_warning tells_of_swap(log);
  app::metrics meters(version());

  const auto config =
      kube::load_kube_config({.kubeconfig = options.kubeconfig, .context = options.context, .env = env});
  if (!config) return refuse(config.error().message);
  if (options.leader_election_namespace.empty()) options.leader_election_namespace = config->ns;
  if (options.leader_elect && options.leader_election_namespace.empty())
    return refuse("--leader-elect: " + config->source +
                  " names no namespace for the Lease; set --leader-election-namespace");

  boost::asio::io_context io(1);
  kube::connect_options connecting;
  connecting.client.user_agent = "platformer-operator/" + std::string(version());
  connecting.now = net::system_time;
  connecting.client.on_request = [&meters](net::http_method method, int status,
                                           std::chrono::duration<double> took) {
    meters.count_kube_request(method, status, took.count());
  };
  connecting.on_bad_tls = [&log](const error& why) {
    log.log_limited(why.message, app::log_level::error, why.message);
  };
  auto connection = kube::connect(io.get_executor(), *config, connecting);
  if (!connection) return refuse(connection.error().message);
  std::optional<kube::kube_connection> for_lease;
  if (options.leader_elect) {
    connecting.limits.connections = 1;
    auto another = kube::connect(io.get_executor(), *config, std::move(connecting));
    if (!another) return refuse(another.error().message);
    for_lease = std::move(*another);
  }
  log.log(app::log_level::info, "using Kubernetes", {{"config", config->source}});

  const app::log_switch by_signal(io, log);
  app::manager manager(io, std::move(options), std::move(*connection), std::move(for_lease), meters, log);
  if (auto started = manager.start(); !started) return refuse(started.error().message);
  io.run();
  return manager.exit_code();
}
