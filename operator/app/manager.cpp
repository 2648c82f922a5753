#include "app/manager.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "app/account_driver.hpp"
#include "app/connection_driver.hpp"
#include "app/informers.hpp"
#include "app/logging.hpp"
#include "app/probe_server.hpp"
#include "app/work_loop.hpp"
#include "base/hash.hpp"
#include "base/version.hpp"
#include "model/json_read.hpp"
#include "net/digest.hpp"

namespace platformer::app {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;

constexpr duration cluster_id_retry = std::chrono::seconds(2);
constexpr duration pending_retry = std::chrono::milliseconds(500);
// Connections are few and never wait behind a fleet of accounts.
constexpr unsigned connection_workers = 4;
constexpr duration events_patience = std::chrono::seconds(2);

time_point system_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// "<host or pod name>_<random>": tells people which process wrote an intent.
std::string holder_name() {
  char host[256] = "unknown";
  gethostname(host, sizeof(host) - 1);
  return std::string(host).substr(0, 63) + "_" + net::random_hex(4);
}

}  // namespace

struct manager::impl : std::enable_shared_from_this<impl> {
  asio::io_context& io;
  options wanted;
  kube::kube_connection connection;
  metrics& meters;
  logger& log;
  world in;
  kube::event_recorder events;
  work_loop account_loop;
  work_loop connection_loop;
  informers watches;
  std::unique_ptr<probe_server> probes;
  asio::signal_set signals;
  gate synced;
  std::string problem = "starting";  // of the start itself, before the watches

  impl(asio::io_context& context, options given, kube::kube_connection kube, metrics& counts, logger& writes)
      : io(context),
        wanted(std::move(given)),
        connection(std::move(kube)),
        meters(counts),
        log(writes),
        in(wanted.watch_namespaces),
        events(io.get_executor(), connection.client, prepare(), system_now),
        account_loop(in, work_kind::service_account, reconcile_account),
        connection_loop(in, work_kind::console_connection, reconcile_connection),
        watches(in, watch_settings()),
        signals(io, SIGTERM, SIGINT),
        synced(io.get_executor()) {
    in.events = &events;
    in.enqueue = [this](const work_key& key, runtime::queue_priority priority) { add(key, priority); };
  }

  // Fills what the members after it rely on. Events are named after this process, so that those of an earlier
  // one are not in the way.
  kube::event_journal prepare() {
    in.executor = io.get_executor();
    in.clock = system_now;
    in.kube = connection.client;
    in.holder = holder_name();
    in.meters = &meters;
    in.log = &log;
    return {in.holder, fnv1a(in.holder)};
  }

  work_loop& loop_of(work_kind kind) {
    return kind == work_kind::service_account ? account_loop : connection_loop;
  }
  void add(const work_key& key, runtime::queue_priority priority) {
    loop_of(key.kind).add(key.object, priority);
  }

  informers::settings watch_settings() {
    return {.namespaces = wanted.watch_namespaces,
            .selector = wanted.selector,
            .enqueue = [this](const work_key& key, runtime::queue_priority priority) { add(key, priority); },
            .on_synced = [this] { synced.open(); }};
  }

  std::vector<check_result> checks() const {
    std::string watch_problem = watches.problem();
    if (watch_problem.empty() && !watches.synced()) watch_problem = "not all lists are complete yet";
    if (!problem.empty()) watch_problem.clear();  // they have not begun
    return {{"start", problem}, {"watches", watch_problem}, {"running", in.draining ? "shutting down" : ""}};
  }

  result<void> start() {
    probe_handlers handlers;
    handlers.ready = [this] { return checks(); };
    handlers.metrics = [this] { return scrape(); };
    auto listening = probe_server::listen(io.get_executor(), wanted.bind_address, std::move(handlers));
    if (!listening) return tl::unexpected(listening.error());
    probes = std::move(*listening);
    log.log(log_level::info, "probes and metrics are served", {{"address", to_string(probes->address())}});
    asio::co_spawn(io, run(), asio::detached);
    asio::co_spawn(io, end_on_signal(), asio::detached);
    return {};
  }

  std::string scrape() {
    for (const work_kind kind : controllers::work_kinds)
      meters.set_queue(to_string(kind), loop_of(kind).statistics());
    std::map<readiness, std::size_t> counts;
    in.service_accounts.for_each([&](const object_key&, const service_account& each) {
      const condition* ready = find_condition(each.status.conditions, "Ready");
      ++counts[{ready != nullptr && ready->status, ready != nullptr ? ready->reason : "Progressing"}];
    });
    meters.set_service_accounts(counts);
    return meters.serialize();
  }

  asio::awaitable<void> pause(duration span) {
    asio::steady_timer timer(io, span);
    co_await timer.async_wait(asio::as_tuple(use_awaitable));
  }

  // The UID of kube-system names the cluster in markers; nothing can be decided without it.
  asio::awaitable<void> find_cluster_id() {
    in.cluster_id = wanted.cluster_id;
    while (in.cluster_id.empty() && !in.draining) {
      // Named, not temporary: GCC 12 destroys a braced temporary among a coroutine's arguments twice.
      kube::resource namespaces = kube::resources::namespaces();
      object_key key{"", "kube-system"};
      auto object = co_await connection.client->get(std::move(namespaces), std::move(key));
      if (object) {
        if (const auto* metadata = read_object(*object, "metadata"))
          in.cluster_id = read_string(*metadata, "uid");
        continue;
      }
      std::string text =
          "the cluster's ID can't be read: grant get on namespace kube-system, or set --cluster-id: " +
          describe(object.error());
      log.log_limited(text, log_level::warning, text);
      problem = std::move(text);
      co_await pause(cluster_id_retry);
    }
    problem.clear();
  }

  asio::awaitable<void> run() {
    const auto self = shared_from_this();
    co_await find_cluster_id();
    if (in.draining) co_return;
    log.log(log_level::info, "starting",
            {{"version", std::string(version())}, {"cluster", in.cluster_id}, {"holder", in.holder}});
    asio::co_spawn(io, events.run(), asio::detached);
    watches.start();
    while (!watches.synced() && !in.draining)
      co_await synced.wait();
    if (in.draining) co_return;
    log.log(log_level::info, "watching",
            {{"serviceaccounts", static_cast<std::int64_t>(in.service_accounts.size())},
             {"connections", static_cast<std::int64_t>(in.connections.size())},
             {"secrets", static_cast<std::int64_t>(in.secrets.size())}});
    for (unsigned i = 0; i < wanted.workers; ++i)
      asio::co_spawn(io, account_loop.work(), asio::detached);
    for (unsigned i = 0; i < connection_workers; ++i)
      asio::co_spawn(io, connection_loop.work(), asio::detached);
  }

  asio::awaitable<void> end_on_signal() {
    const auto self = shared_from_this();
    const auto [status, number] = co_await signals.async_wait(asio::as_tuple(use_awaitable));
    if (status) co_return;
    log.log(log_level::info, "shutting down: finishing what is in flight, beginning nothing new",
            {{"signal", std::string(number == SIGTERM ? "SIGTERM" : "SIGINT")}});
    in.draining = true;
    signals.async_wait([](boost::system::error_code failed, int) {
      if (!failed) std::_Exit(1);  // asked twice
    });
    for (const work_kind kind : controllers::work_kinds)
      loop_of(kind).shut_down();
    synced.open();
    const time_point until = system_now() + drain_limit;
    while (!drained() && system_now() < until)
      co_await pause(std::chrono::milliseconds(20));
    co_await commit_pending(until);
    watches.stop();
    co_await events.stop(events_patience);
    probes->stop();
    connection.http->close();
    signals.cancel();
    log.log(log_level::info, "ended", {});
    io.stop();
  }

  bool drained() const { return account_loop.drained() && connection_loop.drained(); }

  // A token in hand exists nowhere else: it is written before the process goes.
  asio::awaitable<void> commit_pending(time_point until) {
    for (;;) {
      std::vector<object_key> waiting;
      in.service_accounts.for_each([&](const object_key& key, const service_account& each) {
        const auto memory = in.memories.find(each.meta.uid);
        if (memory != in.memories.end() && memory->second.pending) waiting.push_back(key);
      });
      if (waiting.empty()) co_return;
      for (const object_key& key : waiting)
        co_await reconcile_account(in, key);
      if (system_now() >= until) {
        log.log(
            log_level::error,
            "a token could not be written to its Secret before the end; the account's token is renewed after "
            "the next start",
            {{"objects", static_cast<std::int64_t>(waiting.size())}});
        co_return;
      }
      co_await pause(pending_retry);
    }
  }
};

manager::manager(asio::io_context& io, options wanted, kube::kube_connection connection, metrics& meters,
                 logger& log)
    : impl_(std::make_shared<impl>(io, std::move(wanted), std::move(connection), meters, log)) {}

manager::~manager() = default;

result<void> manager::start() {
  return impl_->start();
}

}  // namespace platformer::app
