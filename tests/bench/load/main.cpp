// The benchmark's load: a fleet of ServiceAccounts created, renewed or deleted over some connections, and
// single ones whose Secret is waited for. Prints one line of JSON when it is done; exit status 1 when a
// request fails.
//
//   platformer-bench-load create --kubeconfig F --namespace bench --count 10000
//   {"action":"create","count":10000,"seconds":22.1,"cpu_seconds":1.9}
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

#include "kube/connect.hpp"
#include "net/system_time.hpp"
#include "tests/bench/load/actions.hpp"
#include "tests/bench/load/fresh.hpp"

extern char** environ;

namespace platformer::bench {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using seconds = std::chrono::duration<double>;

struct options {
  std::string kubeconfig;
  action_options act;
  std::size_t first = 0;
  std::size_t count = 0;
  unsigned connections = 32;
};

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

// Objects first … first + count - 1, `connections` of them at a time, then closes. Throws what the first
// failure threw.
void run_all(asio::io_context& io, net::http_client& http, const action& act, const options& given) {
  std::size_t next = given.first;
  const std::size_t end = given.first + given.count;
  std::exception_ptr failure;
  unsigned at_work = given.connections;
  const auto work = [&]() -> asio::awaitable<void> {
    while (next < end && !failure)
      co_await act(next++);
  };
  for (unsigned i = 0; i < given.connections; ++i)
    asio::co_spawn(io, work, [&](std::exception_ptr thrown) {
      if (thrown && !failure) failure = thrown;
      if (--at_work == 0) http.close();  // idle connections would keep us for a minute
    });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

json latencies(std::vector<seconds> took) {
  std::ranges::sort(took);
  const auto at = [&](double share) {
    return 1000 *
           took[std::min(took.size() - 1, static_cast<std::size_t>(share * static_cast<double>(took.size())))]
               .count();
  };
  return {{"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"max_ms", 1000 * took.back().count()}};
}

json measure(const options& given) {
  asio::io_context io(1);
  const auto config = kube::load_kube_config(
      {.kubeconfig = given.kubeconfig, .context = {}, .env = kube::environment_of(environ)});
  if (!config) throw std::runtime_error(config.error().message);
  kube::connect_options connecting;
  connecting.client.user_agent = "platformer-bench-load";
  connecting.limits.connections = given.connections;
  connecting.now = net::system_time;
  auto connected = kube::connect(io.get_executor(), *config, std::move(connecting));
  if (!connected) throw std::runtime_error(connected.error().message);

  json report{{"action", given.act.name}, {"count", given.count}};
  const auto started = std::chrono::steady_clock::now();
  if (given.act.name == "fresh") {
    std::exception_ptr failure;
    asio::co_spawn(io, create_one_by_one(connected->client, given.act, given.first, given.count),
                   [&](std::exception_ptr thrown, const std::vector<seconds>& took) {
                     failure = thrown;
                     if (!thrown) {
                       report.update(latencies(took));
                       report["first_ms"] = 1000 * took.front().count();
                     }
                     connected->http->close();
                   });
    io.run();
    if (failure) std::rethrow_exception(failure);
  } else {
    const auto act = make_action(connected->client, given.act);
    if (!act) throw std::runtime_error("no such action: " + given.act.name);
    run_all(io, *connected->http, *act, given);
  }
  report["seconds"] = seconds(std::chrono::steady_clock::now() - started).count();
  report["cpu_seconds"] = cpu_seconds();
  return report;
}

}  // namespace
}  // namespace platformer::bench

int main(int argc, char** argv) {
  platformer::bench::options given;
  CLI::App app("The benchmark's load on Kubernetes");
  app.add_option("action", given.act.name,
                 "create, renew, touch, delete, write, write-without-dry-run or fresh")
      ->required();
  app.add_option("--kubeconfig", given.kubeconfig)->required();
  app.add_option("--namespace", given.act.ns)->required();
  app.add_option("--count", given.count)->required()->check(CLI::PositiveNumber);
  app.add_option("--first", given.first, "number of the first object");
  app.add_option("--connections", given.connections)->check(CLI::Range(1, 256));
  given.act.prefix = "bot";
  app.add_option("--prefix", given.act.prefix, "of the objects' names");
  app.add_option("--stamp", given.act.stamp, "value of the annotation that renew and touch set");
  app.add_option("--spec", given.act.spec, "of created objects, as JSON");
  app.add_option("--shards", given.act.shards, "labels that created objects bear in turns: shard=a …")
      ->check(CLI::Range(1, 26));
  app.add_option("--padding", given.act.padding, "bytes that make created objects so much larger");
  CLI11_PARSE(app, argc, argv);
  try {
    std::puts(platformer::bench::measure(given).dump().c_str());
    return 0;
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "platformer-bench-load: %s\n", failed.what());
    return 1;
  }
}
