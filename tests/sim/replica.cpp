#include "tests/sim/replica.hpp"

#include <algorithm>

#include "controllers/reconcile/gather.hpp"
#include "model/marker.hpp"
#include "model/names.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

constexpr unsigned account_workers = 4;
constexpr unsigned connection_workers = 2;
// As operator/app's drivers have it: a reconcile that needs more requests is a bug.
constexpr unsigned requests_limit = 64;

// Of the shared listing the accounts whose marker names this object (operator/app/console_sharing).
std::vector<account> marked(const account_run& run) {
  std::vector<account> found;
  for (const account& each : run.client->listing->accounts) {
    const auto mark = find_marker(each.description);
    if (mark && mark->ns == run.key.ns && mark->name == run.key.name) found.push_back(each);
  }
  return found;
}

}  // namespace

replica::replica(world& around, std::uint8_t index, std::uint32_t incarnation)
    : world_(around), index_(index), incarnation_(incarnation), known_(std::vector<std::string>{}) {
  known_.cluster_id = cluster_id;
  known_.holder = "replica-" + std::to_string(index) + "." + std::to_string(incarnation);
  enqueue_ = [this](const controllers::work_key& key, runtime::queue_priority priority) {
    enqueue(key, priority);
  };
  using models::kube_kind;
  const auto options = world_.watch_options();
  const auto& kube = world_.all.kube;
  feeds_[0] = std::make_unique<feed_of<service_account>>(kube_kind::service_account, 0, *this, kube, options,
                                                         known_, known_.service_accounts, enqueue_);
  feeds_[1] = std::make_unique<feed_of<console_connection>>(kube_kind::console_connection, 1, *this, kube,
                                                            options, known_, known_.connections, enqueue_);
  feeds_[2] = std::make_unique<feed_of<secret_meta>>(kube_kind::secret, 2, *this, kube, options, known_,
                                                     known_.secrets, enqueue_);
}

replica::~replica() = default;

void replica::start() {
  for (const auto& each : feeds_)
    each->start(clock());
}

time_point replica::clock() const {
  return world_.now;
}

void replica::schedule_feed(std::size_t index, std::uint64_t stream, time_point at) {
  world_.plan({.at = at,
               .kind = event_kind::feed_due,
               .replica = index_,
               .incarnation = incarnation_,
               .subject = static_cast<std::uint32_t>(index),
               .detail = stream});
}

duration replica::request_latency() {
  return world_.request_latency();
}
duration replica::watch_latency() {
  return world_.watch_latency();
}
double replica::random_unit() {
  return world_.random.unit();
}
models::kube_version replica::list_replica(models::kube_kind) {
  return world_.lagging_version();
}

void replica::on_synced(std::size_t index) {
  // The Date header of the list's reply, in whole seconds.
  if (index == 0 && !known_.watching_since)
    known_.watching_since = std::chrono::floor<std::chrono::seconds>(clock());
  pump();
}

void replica::poke(models::kube_kind kind) {
  if (kind != models::kube_kind::lease) feeds_[static_cast<std::size_t>(kind)]->poke(clock());
}

void replica::break_streams() {
  for (const auto& each : feeds_)
    each->break_stream(clock());
}

void replica::enqueue(const controllers::work_key& key, runtime::queue_priority priority) {
  if (key.kind == controllers::work_kind::service_account)
    accounts_.add(key.object, clock(), priority);
  else
    connections_.add(key.object, clock(), priority);
  if (!pumping_ && (!wake_planned_ || *wake_planned_ > clock())) {
    wake_planned_ = clock();
    world_.plan(
        {.at = clock(), .kind = event_kind::queue_due, .replica = index_, .incarnation = incarnation_});
  }
}

// As operator/app/work_loop: begins what can begin, and plans to come back for what waits for a time.
void replica::pump() {
  if (!std::all_of(feeds_.begin(), feeds_.end(), [](const auto& each) { return each->synced(); })) return;
  pumping_ = true;
  while (connection_runs_.size() < connection_workers) {
    const auto item = connections_.pop(clock());
    if (!item) break;
    begin_connection(item->key);
  }
  while (account_runs_.size() < account_workers) {
    const auto item = accounts_.pop(clock());
    if (!item) break;
    begin_account(item->key);
  }
  pumping_ = false;
  std::optional<time_point> next = accounts_.next_wake();
  if (const auto other = connections_.next_wake(); other && (!next || *other < *next)) next = other;
  if (!next || (wake_planned_ && *wake_planned_ <= *next)) return;
  wake_planned_ = next;
  world_.plan({.at = std::max(*next, clock()),
               .kind = event_kind::queue_due,
               .replica = index_,
               .incarnation = incarnation_});
}

account_run* replica::find_account_run(std::uint32_t number) {
  const auto found = account_runs_.find(number);
  return found == account_runs_.end() ? nullptr : found->second.get();
}

connection_run* replica::find_connection_run(std::uint32_t number) {
  const auto found = connection_runs_.find(number);
  return found == connection_runs_.end() ? nullptr : found->second.get();
}

void replica::on_reply(std::uint32_t number) {
  if (account_run* run = find_account_run(number)) {
    note(run->answer.noted);
    if (const auto* error = std::get_if<api_error>(&run->answer.reply)) refused(*run, *error);
    world_.bugs->on_reply(*run, world_);
    if (auto* listed = std::get_if<accounts::accounts_listed>(&run->answer.reply)) {
      run->client->listing = {run->sent_at, std::move(listed->found)};
      *listed = {marked(*run)};
    }
    advance(*run, std::move(run->answer.reply));
  } else if (connection_run* other = find_connection_run(number)) {
    note(other->answer.noted);
    advance(*other, std::move(other->answer.reply));
  }
  pump();
}

// As operator/app/kube_effects: our own writes are known before the watch tells them.
void replica::note(const models::kube_pointer& object) {
  if (!object) return;
  if (const auto* account = std::get_if<service_account>(&*object)) {
    known_.service_accounts.note_write(*account);
  } else if (const auto* connection = std::get_if<console_connection>(&*object)) {
    controllers::note_write(known_, *connection, enqueue_);
  } else if (const auto* secret = std::get_if<secret_content>(&*object)) {
    const auto label = secret->meta.labels.find(names::managed_by_label);
    if (label != secret->meta.labels.end() && label->second == names::managed_by_value)
      known_.secrets.note_write(secret_meta{secret->meta});
  }
}

void replica::refused(const account_run& run, const api_error& error) {
  if (!is_console(*run.wanted)) return;
  const object_key connection = controllers::connection_of(run.seen.object);
  if (known_.registry.doubt(connection, run.client.get(), error.code))
    enqueue({controllers::work_kind::console_connection, connection}, runtime::queue_priority::normal);
}

// ---- ServiceAccounts: operator/app/account_driver and account_effects

void replica::begin_account(const object_key& key) {
  auto seen = controllers::gather_account(known_, key, world_.new_operation_id());
  if (!seen) {
    controllers::settle(accounts_, key, controllers::done{}, clock(), 0);
    accounts_.done(key, clock());
    return;
  }
  auto made = std::make_unique<account_run>();
  account_run& run = *made;
  run.number = ++last_run_;
  run.key = key;
  run.seen = std::move(*seen);
  const object_key connection = controllers::connection_of(run.seen.object);
  if (const auto* live = known_.registry.find(connection))
    run.client = std::static_pointer_cast<sim_client>(live->in_use);
  run.who.object = key;
  if (run.client) {
    run.who.credential = run.client->credential;
    run.who.organization_id = run.client->organization_id;
  }
  run.now = accounts::begin(known_.recall(run.seen.object.meta.uid));
  run.began_at = clock();
  run.deeds_before = world_.crowd.done().all;
  account_runs_.emplace(run.number, std::move(made));
  world_.bugs->on_begin(run);
  advance(run, accounts::response());
}

void replica::advance(account_run& run, const accounts::response& reply) {
  accounts::response answer = reply;
  for (;;) {
    auto next = accounts::step(run.seen, std::move(run.now), answer, clock());
    run.now = std::move(next.next);
    world_.on_events(run, next.events);
    if (const auto* stop = std::get_if<accounts::stop>(&next.effect))
      return end(run, controllers::outcome_of(*stop));
    if (++run.requests >= requests_limit) {
      world_.fail("a reconcile does not come to an end");
      return end(run, controllers::again_after_failure{std::chrono::minutes(1), std::chrono::minutes(5)});
    }
    run.wanted = std::get<accounts::request>(std::move(next.effect));
    auto here = world_.bugs->answer(run, world_);
    if (!here) here = answer_here(run);
    if (!here) return world_.send(*this, run);
    answer = std::move(*here);
  }
}

std::optional<accounts::response> replica::answer_here(account_run& run) {
  const auto not_sent = [](const char* why) {
    api_error error;
    error.code = api_errc::cancelled;
    error.message = why;
    return error;
  };
  if (is_console(*run.wanted) && !run.client) return not_sent("the connection has no client");
  if (const auto* asked = std::get_if<accounts::list_accounts>(&*run.wanted))
    if (run.client->listing && run.client->listing->began_at >= asked->not_before)
      return accounts::accounts_listed{marked(run)};
  return std::nullopt;
}

void replica::end(account_run& run, const controllers::outcome& how) {
  const std::uint32_t number = run.number;
  const object_key key = run.key;
  known_.remember(key, run.seen.object.meta.uid, std::move(run.now.remembered));
  world_.on_end(run);
  controllers::settle(accounts_, key, how, clock(), world_.random.unit());
  accounts_.done(key, clock());
  account_runs_.erase(number);
}

// ---- ConsoleConnections: operator/app/connection_driver

void replica::begin_connection(const object_key& key) {
  const auto before = known_.registry.at(key).told;
  auto seen = controllers::gather_connection(known_, key);
  if (!seen) {
    known_.registry.drop(key);
    controllers::tell_accounts(known_, key, before, enqueue_);
    controllers::settle(connections_, key, controllers::done{}, clock(), 0);
    connections_.done(key, clock());
    return;
  }
  auto made = std::make_unique<connection_run>();
  connection_run& run = *made;
  run.number = ++last_run_;
  run.key = key;
  run.seen = std::move(*seen);
  run.before = before;
  connection_runs_.emplace(run.number, std::move(made));
  advance(run, connections::response());
}

void replica::advance(connection_run& run, const connections::response& reply) {
  connections::response answer = reply;
  for (;;) {
    auto next = connections::step(run.seen, std::move(run.now), answer, clock());
    run.now = std::move(next.next);
    if (const auto* stop = std::get_if<connections::stop>(&next.effect))
      return end(run, controllers::outcome_of(*stop));
    if (++run.requests >= requests_limit) {
      world_.fail("a reconcile of a connection does not come to an end");
      return end(run, controllers::again_after_failure{std::chrono::minutes(1), std::chrono::minutes(5)});
    }
    run.wanted = std::get<connections::request>(std::move(next.effect));
    auto here = answer_here(run);
    if (!here) return world_.send(*this, run);
    answer = std::move(*here);
  }
}

std::optional<connections::response> replica::answer_here(connection_run& run) {
  if (const auto* asked = std::get_if<connections::build_client>(&*run.wanted)) {
    auto made = std::make_shared<sim_client>();
    made->credential = asked->credential->reveal();
    run.who.credential = made->credential;
    known_.registry.at(run.key).candidate = std::move(made);
    return connections::client_built{};
  }
  if (const auto* asked = std::get_if<connections::install_client>(&*run.wanted)) {
    auto& live = known_.registry.at(run.key);
    std::static_pointer_cast<sim_client>(live.candidate)->organization_id = asked->organization_id;
    known_.registry.install(run.key, *asked);
    return connections::client_installed{};
  }
  if (std::holds_alternative<connections::drop_client>(*run.wanted)) {
    known_.registry.drop(run.key);
    return connections::client_dropped{};
  }
  return std::nullopt;
}

void replica::end(connection_run& run, const controllers::outcome& how) {
  const object_key key = run.key;
  controllers::tell_accounts(known_, key, run.before, enqueue_);
  controllers::settle(connections_, key, how, clock(), world_.random.unit());
  connections_.done(key, clock());
  connection_runs_.erase(run.number);
}

}  // namespace platformer::sim
