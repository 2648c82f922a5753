#include "tests/sim/replica.hpp"

#include <algorithm>

#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

constexpr unsigned account_workers = 4;
constexpr unsigned connection_workers = 2;

}  // namespace

replica::replica(world& around, std::uint8_t index, std::uint32_t incarnation, bool elects)
    : world_(around), index_(index), incarnation_(incarnation), known_(std::vector<std::string>{}) {
  known_.cluster_id = cluster_id;
  known_.holder = "replica-" + std::to_string(index) + "." + std::to_string(incarnation);
  known_.elects = elects;
  if (elects) candidacy_.emplace(world_, *this);
  // Namespaces don't change here.
  controllers::namespace_meta home;
  home.meta.name = world_.crowd.subject.ns;
  home.meta.labels["team"] = "a";
  (void)known_.namespaces.replace_all({std::move(home)}, "1");
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
    each->start(world_.now);
}

time_point replica::clock() const {
  return world_.now + world_.skew_of(index_);
}

void replica::on_feed(std::uint32_t index, std::uint64_t stream) {
  feeds_[index]->due(stream, world_.now);
}

// As operator/app/manager: at the next look at the clock, which every worker takes.
void replica::on_clock_set(duration by) {
  if (world_.bugs->notices_clock()) {
    controllers::clock_was_set(known_, by);
    for (const auto& [number, run] : account_runs_)
      run->sent_at += by;
    for (const auto& [number, run] : connection_runs_)
      run->sent_at += by;
    accounts_.clock_was_set(by, clock());
    connections_.clock_was_set(by, clock());
  }
  wake_planned_.reset();
  pump();
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
    known_.watching_since = std::chrono::floor<std::chrono::seconds>(world_.now);
  pump();
}

void replica::poke(models::kube_kind kind) {
  if (kind != models::kube_kind::lease) feeds_[static_cast<std::size_t>(kind)]->poke(world_.now);
}

void replica::break_streams() {
  for (const auto& each : feeds_)
    each->break_stream(world_.now);
}

void replica::enqueue(const controllers::work_key& key, runtime::queue_priority priority) {
  if (key.kind == controllers::work_kind::service_account)
    accounts_.add(key.object, clock(), priority);
  else
    connections_.add(key.object, clock(), priority);
  if (!pumping_ && (!wake_planned_ || *wake_planned_ > clock())) {
    wake_planned_ = clock();
    world_.plan(
        {.at = world_.now, .kind = event_kind::queue_due, .replica = index_, .incarnation = incarnation_});
  }
}

bool replica::synced() const {
  return std::all_of(feeds_.begin(), feeds_.end(), [](const auto& each) { return each->synced(); });
}

// As operator/app/work_loop: begins what can begin, and plans to come back for what waits for a time.
void replica::pump() {
  if (draining_ || !synced()) return;
  if (candidacy_) {
    if (!candidacy_->stands()) return candidacy_->stand();
    if (!leads_) return;
  }
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
  // Who finds all workers busy waits for one of them to end, which comes back here.
  std::optional<time_point> next;
  if (account_runs_.size() < account_workers) next = accounts_.next_wake();
  if (connection_runs_.size() < connection_workers)
    if (const auto other = connections_.next_wake(); other && (!next || *other < *next)) next = other;
  if (!next || (wake_planned_ && *wake_planned_ <= *next)) return;
  wake_planned_ = next;
  world_.plan({.at = world_.now + std::max(*next - clock(), duration{0}),
               .kind = event_kind::queue_due,
               .replica = index_,
               .incarnation = incarnation_});
}

// What is older another leader may have worked on (operator/app/election).
void replica::on_led(time_point since) {
  known_.leading_since = since;
  leads_ = true;
  pump();
}

account_run* replica::find_account_run(std::uint32_t number) {
  const auto found = account_runs_.find(number);
  return found == account_runs_.end() ? nullptr : found->second.get();
}

connection_run* replica::find_connection_run(std::uint32_t number) {
  const auto found = connection_runs_.find(number);
  return found == connection_runs_.end() ? nullptr : found->second.get();
}

}  // namespace platformer::sim
