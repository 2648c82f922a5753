// The queue and workers of one controller: take keys, reconcile them, put them back as the outcome says.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <random>
#include <set>

#include "app/gate.hpp"
#include "app/world.hpp"
#include "runtime/work_queue.hpp"

namespace platformer::app {

class work_loop {
 public:
  using reconciler = boost::asio::awaitable<outcome> (*)(world& in, object_key key);

  using queue = runtime::work_queue<object_key>;

  // `group_of`: what shares the workers with what; empty: nobody has to.
  work_loop(world& in, work_kind kind, reconciler function, queue::grouping group_of = {});

  void add(const object_key& key, runtime::queue_priority priority);
  // One worker; run as many as there may be reconciles at a time. Ends after shut_down().
  boost::asio::awaitable<void> work();
  // Hands out nothing more; what is being processed ends by itself.
  void shut_down();
  // world::clock was set by so much, and tells the new time.
  void clock_was_set(duration by);
  bool drained() const { return queue_.drained(); }
  queue_state state() const;

 private:
  void arm();
  std::size_t idle_workers() const { return workers_ - began_.size(); }
  boost::asio::awaitable<outcome> reconcile(object_key key);

  world& in_;
  work_kind kind_;
  reconciler reconcile_;
  queue queue_;
  gate ready_;
  boost::asio::steady_timer alarm_;
  std::mt19937_64 random_;
  std::size_t workers_ = 0;                                     // ever started
  std::multiset<std::chrono::steady_clock::time_point> began_;  // reconciles that are under way
};

}  // namespace platformer::app
