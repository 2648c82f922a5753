#include "app/manager.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <utility>

#include "app/account_driver.hpp"
#include "app/connection_driver.hpp"
#include "app/election.hpp"
#include "app/endpoints.hpp"
#include "app/fleet_metrics.hpp"
#include "app/identity.hpp"
#include "app/informers.hpp"
#include "app/logging.hpp"
#include "app/pending_tokens.hpp"
#include "app/process_clock.hpp"
#include "app/work_loop.hpp"
#include "base/hash.hpp"
#include "base/version.hpp"

namespace platformer::app {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;

// Connections are few and never wait behind a fleet of accounts.
constexpr unsigned connection_workers = 4;
constexpr duration events_patience = std::chrono::seconds(2);

}  // namespace

struct manager::impl : std::enable_shared_from_this<impl> {
  asio::io_context& io;
  options wanted;
  kube::kube_connection connection;
  std::optional<kube::kube_connection> for_lease;
  metrics& meters;
  logger& log;
  process_clock clock;
  world in;
  kube::event_recorder events;
  work_loop account_loop;
  work_loop connection_loop;
  informers watches;
  endpoints served;
  asio::signal_set signals;
  gate progress;                      // opened whenever the start may go on
  std::optional<election> candidacy;  // with --leader-elect
  bool leads = false;
  int exit_code = 0;
  duration drain_until{};            // by process_clock::even
  std::string problem = "starting";  // of the start itself, before the watches

  impl(asio::io_context& context, options given, kube::kube_connection kube,
       std::optional<kube::kube_connection> lease, metrics& counts, logger& writes)
      : io(context),
        wanted(std::move(given)),
        connection(std::move(kube)),
        for_lease(std::move(lease)),
        meters(counts),
        log(writes),
        in(wanted.watch_namespaces, true),
        events(io.get_executor(), connection.client, prepare(), [this] { return clock.now(); }),
        account_loop(in, work_kind::service_account, reconcile_account,
                     [this](const object_key& key) { return in.group_of(key); }),
        connection_loop(in, work_kind::console_connection, reconcile_connection),
        watches(in, watch_settings()),
        signals(io, SIGTERM, SIGINT),
        progress(io.get_executor()) {
    in.events = &events;
    if (!for_lease) return;
    election::hooks told;
    told.on_led = [this] {
      leads = true;
      progress.open();
    };
    told.on_lost = [this] { asio::co_spawn(io, end_after_loss(), asio::detached); };
    candidacy.emplace(in, wanted, for_lease->client, std::move(told));
  }

  // Fills what the members after it rely on. Events are named after this process, so that those of an earlier
  // one are not in the way.
  kube::event_journal prepare() {
    in.executor = io.get_executor();
    in.clock = [this] { return clock.now(); };
    in.follow_clock = [this] {
      if (const duration by = clock.follow(in); by != duration(0))
        for (const work_kind kind : controllers::work_kinds)
          loop_of(kind).clock_was_set(by);
    };
    in.enqueue = [this](const work_key& key, runtime::queue_priority priority) {
      loop_of(key.kind).add(key.object, priority);
    };
    in.kube = connection.client;
    in.holder = process_name();
    in.meters = &meters;
    in.log = &log;
    return {in.holder, fnv1a(in.holder)};
  }

  work_loop& loop_of(work_kind kind) {
    return kind == work_kind::service_account ? account_loop : connection_loop;
  }

  informers::settings watch_settings() {
    return {.namespaces = wanted.watch_namespaces,
            .selector = wanted.selector,
            .enqueue = in.enqueue,
            .on_synced = [this] { progress.open(); }};
  }

  std::vector<check_result> checks() const {
    std::string watch_problem = watches.problem();
    if (watch_problem.empty() && !watches.synced()) watch_problem = "not all lists are complete yet";
    if (!problem.empty()) watch_problem.clear();  // they have not begun
    std::vector<check_result> all = {{"start", problem},
                                     {"credential", connection.auth->problem()},
                                     {"watches", watch_problem},
                                     {"running", in.draining ? "shutting down" : ""}};
    served.add_checks(all);
    if (candidacy) all.push_back(candidacy->check());
    return all;
  }

  result<void> start() {
    const metrics_server::parts from{io.get_executor(), *connection.client, log, in.clock,
                                     [this] { return scrape(); }};
    if (auto ok = served.listen(wanted, from, [this] { return checks(); }); !ok) return ok;
    asio::co_spawn(io, run(), asio::detached);
    asio::co_spawn(io, end_on_signal(), asio::detached);
    return {};
  }

  std::string scrape() {
    for (const work_kind kind : controllers::work_kinds)
      meters.set_queue(to_string(kind), loop_of(kind).state());
    meters.set_events_dropped(events.stats().dropped);
    return meters.serialize(fleet_families(in, watches.numbers(), wanted.metrics_per_account));
  }

  asio::awaitable<void> pause(duration span) {
    asio::steady_timer timer(io, span);
    co_await timer.async_wait(asio::as_tuple(use_awaitable));
  }

  asio::awaitable<void> run() {
    const auto self = shared_from_this();
    in.cluster_id = wanted.cluster_id;
    if (in.cluster_id.empty()) {
      const auto note = [this](const std::string& text) { problem = text; };
      in.cluster_id = co_await read_cluster_id(in, note);
    }
    if (in.draining) co_return;
    problem.clear();
    log.log(log_level::info, "starting",
            {{"version", std::string(version())}, {"cluster", in.cluster_id}, {"holder", in.holder}});
    asio::co_spawn(io, events.run(), asio::detached);
    watches.start();
    while (!watches.synced() && !in.draining)
      co_await progress.wait();
    if (in.draining) co_return;
    log.log(
        log_level::info, "watching",
        {{"serviceaccounts", static_cast<std::int64_t>(in.service_accounts.size())},
         {"connections", static_cast<std::int64_t>(in.connections.size() + in.cluster_connections.size())},
         {"secrets", static_cast<std::int64_t>(in.secrets.size())}});
    if (candidacy) {
      asio::co_spawn(io, candidacy->run(), asio::detached);
      while (!leads && !in.draining)
        co_await progress.wait();
      if (in.draining) co_return;
    }
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
    signals.async_wait([](boost::system::error_code failed, int) {
      if (!failed) std::_Exit(1);  // asked twice
    });
    co_await end(drain_limit);
  }

  asio::awaitable<void> end_after_loss() {
    const auto self = shared_from_this();
    exit_code = 1;
    asio::co_spawn(io, cut_short(), asio::detached);
    co_await end(lost_limit);
  }

  // Whoever lost the leadership is gone soon, even if a request hangs.
  asio::awaitable<void> cut_short() {
    const auto self = shared_from_this();
    co_await pause(lost_limit + 2 * events_patience);
    log.log(log_level::error, "ended with requests under way", {});
    io.stop();
  }

  // A second call only shortens the first one's patience.
  asio::awaitable<void> end(duration patience) {
    const duration until = process_clock::even() + patience;
    drain_until = in.draining ? std::min(drain_until, until) : until;
    if (std::exchange(in.draining, true)) co_return;
    for (const work_kind kind : controllers::work_kinds)
      loop_of(kind).shut_down();
    progress.open();
    while (!drained() && process_clock::even() < drain_until)
      co_await pause(std::chrono::milliseconds(20));
    const auto out_of_time = [this] { return process_clock::even() >= drain_until; };
    co_await commit_pending(in, out_of_time);
    // Not while something of ours may still act.
    if (candidacy && drained()) co_await candidacy->release();
    watches.stop();
    co_await events.stop(events_patience);
    served.stop();
    connection.http->close();
    if (for_lease) for_lease->http->close();
    signals.cancel();
    log.log(log_level::info, "ended", {});
    io.stop();
  }

  bool drained() const { return account_loop.drained() && connection_loop.drained(); }
};

manager::manager(asio::io_context& io, options wanted, kube::kube_connection connection,
                 std::optional<kube::kube_connection> for_lease, metrics& meters, logger& log)
    : impl_(std::make_shared<impl>(io, std::move(wanted), std::move(connection), std::move(for_lease), meters,
                                   log)) {}

manager::~manager() = default;

result<void> manager::start() {
  return impl_->start();
}

int manager::exit_code() const {
  return impl_->exit_code;
}

}  // namespace platformer::app
