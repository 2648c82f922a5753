#include "app/work_loop.hpp"

#include <algorithm>
#include <exception>

namespace platformer::app {
namespace {

// So often at least somebody looks whether the machine's clock was set.
constexpr duration longest_sleep = std::chrono::minutes(1);

reconcile_result result_of(const outcome& end) {
  struct translate {
    reconcile_result operator()(const controllers::done&) { return reconcile_result::success; }
    reconcile_result operator()(const controllers::again_at&) { return reconcile_result::requeue_after; }
    reconcile_result operator()(const controllers::again_now&) { return reconcile_result::requeue; }
    reconcile_result operator()(const controllers::again_after_failure&) { return reconcile_result::error; }
  };
  return std::visit(translate{}, end);
}

}  // namespace

work_loop::work_loop(world& in, work_kind kind, reconciler function, queue::grouping group_of)
    : in_(in),
      kind_(kind),
      reconcile_(function),
      queue_(runtime::backoff_policies::queue_item, std::move(group_of)),
      ready_(in.executor),
      alarm_(in.executor),
      random_(std::random_device{}()) {}

void work_loop::add(const object_key& key, runtime::queue_priority priority) {
  queue_.add(key, in_.clock(), priority);
  ready_.open_for_one();
}

void work_loop::clock_was_set(duration by) {
  queue_.clock_was_set(by, in_.clock());
  ready_.open_for_one();
}

void work_loop::shut_down() {
  queue_.shut_down();
  alarm_.cancel();
  ready_.open();
}

boost::asio::awaitable<void> work_loop::work() {
  ++workers_;
  while (!queue_.is_shut_down()) {
    if (in_.follow_clock) in_.follow_clock();
    const auto item = queue_.pop(in_.clock(), idle_workers());
    if (!item) {
      arm();
      co_await ready_.wait();
      continue;
    }
    in_.meters->observe_wait(to_string(kind_), std::chrono::duration<double>(item->waited).count());
    const auto began = began_.insert(std::chrono::steady_clock::now());
    // Keys that became due together are for as many workers as wait.
    if (queue_.has_work_for(idle_workers())) ready_.open_for_one();
    const outcome end = co_await reconcile(item->key);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - *began;
    began_.erase(began);
    in_.meters->observe_reconcile(to_string(kind_), result_of(end), took.count());
    const time_point now = in_.clock();
    controllers::settle(queue_, item->key, end, now, std::uniform_real_distribution<double>(0, 1)(random_));
    queue_.done(item->key, now);
  }
}

boost::asio::awaitable<outcome> work_loop::reconcile(object_key key) {
  try {
    co_return co_await reconcile_(in_, key);
  } catch (const std::exception& bug) {
    // Expected failures are values; whatever arrives here (memory, a bug) must not take the others down.
    in_.log->log_limited(
        key.to_string() + "/exception", log_level::error,
        "a reconcile ended with an exception; it is tried again: please report this",
        {{"kind", to_string(kind_)}, {"object", key.to_string()}, {"error", std::string(bug.what())}});
  }
  co_return controllers::again_after_failure{std::chrono::seconds(1), std::chrono::minutes(5)};
}

queue_state work_loop::state() const {
  queue_state now{.queue = queue_.statistics(in_.clock()), .workers = workers_, .busy = began_.size()};
  const auto clock = std::chrono::steady_clock::now();
  for (const auto began : began_)
    now.unfinished += std::chrono::duration<double>(clock - began).count();
  if (!began_.empty()) now.longest_running = std::chrono::duration<double>(clock - *began_.begin()).count();
  return now;
}

void work_loop::arm() {
  const auto next = queue_.next_wake();
  if (!next) return;
  const duration wait = std::clamp(*next - in_.clock(), duration(0), longest_sleep);
  const auto at = std::chrono::steady_clock::now() + wait;
  // An earlier alarm wakes a worker, which arms again.
  if (alarm_.expiry() > std::chrono::steady_clock::now() && alarm_.expiry() <= at) return;
  alarm_.expires_at(at);
  alarm_.async_wait([this](boost::system::error_code status) {
    if (!status) ready_.open_for_one();
  });
}

}  // namespace platformer::app
