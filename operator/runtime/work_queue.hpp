// Which object to look at next. Holds keys, never objects (level-triggered: a worker reads the newest copy).
//
//   queue.add(key, now);                                   // something happened to it
//   while (auto item = queue.pop(now)) { … reconcile(item->key) …;
//     on success:     queue.forget(key);
//     on failure:     queue.add_rate_limited(key, now, random);
//     in any case:    queue.done(key, now);                // at last
//   }
//   sleep until queue.next_wake() or the next add
//
// Guarantees
// - One worker a key: a popped key is not handed out again before done().
// - Nothing is lost: a key added while it is being processed is queued by done(), once, however often it was
//   added.
// - Normal goes before low; a normal add upgrades a low one, never the other way. So that low ones get on
//   whatever else happens, every low_share-th key is one as long as there are any.
// - Keys may be told apart by groups, such as what they all wait for. Those of one priority take turns by
//   group, each group first in, first out. A group gets one more worker only while it has fewer at work than
//   are free: one whose work does not end holds half of them at most, the next one half of the rest, and
//   there is always a worker for another.
// - A key waits for at most one time, the earliest asked for. As an immediate add is the earliest of all, it
//   cancels the wait, and a key that is queued anyway takes no new one: every run decides afresh when to come
//   back.
// - Every operation is O(log n) in the number of keys, and pop and has_work_for linear in that of groups with
//   keys at work, of which there are no more than workers; what is neither queued, delayed, processed nor
//   failing is not remembered.
// Assumption: a caller whose own write brings the key back by a watch event does not repeat a failing call
// only because the key came back early (an immediate add overtakes the back-off, as a person's change must).
#pragma once

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "runtime/backoff.hpp"
#include "runtime/timer_queue.hpp"
#include "runtime/work_queue_types.hpp"

namespace platformer::runtime {

template <class Key, class Hash = std::hash<Key>>
class work_queue {
 public:
  struct item {
    Key key;
    queue_priority priority;
    duration waited;  // since it became ready
  };

  // The number of the group that a key belongs to at the moment; asked for when it becomes ready.
  using grouping = std::function<std::size_t(const Key&)>;

  static constexpr unsigned low_share = 16;
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  // Without a grouping all keys are of one group, which may have all workers.
  explicit work_queue(backoff_policy policy = backoff_policies::queue_item, grouping group_of = {})
      : policy_(policy), group_of_(std::move(group_of)) {}
  work_queue(const work_queue&) = delete;
  work_queue& operator=(const work_queue&) = delete;

  // Makes the key ready now.
  void add(const Key& key, time_point now, queue_priority priority = queue_priority::normal);

  // Makes the key ready at `at` (at once when that is not after `now`).
  void add_after(const Key& key, time_point at, time_point now,
                 queue_priority priority = queue_priority::normal);

  // Counts a failure of the key and makes it ready after its back-off within the bounds, which is returned.
  duration add_rate_limited(const Key& key, time_point now, double random,
                            queue_priority priority = queue_priority::normal, delay_bounds bounds = {});

  // Ends the key's series of failures. Timers and queue places stay.
  void forget(const Key& key);

  unsigned failures(const Key& key) const;

  // The next ready key for one of so many workers that have nothing to do, the caller among them; nullopt
  // when there is none or after shut_down(). Pair it with done().
  std::optional<item> pop(time_point now, std::size_t free_workers = unlimited);
  // Whether pop() would find one that is ready by now.
  bool has_work_for(std::size_t free_workers) const;

  void done(const Key& key, time_point now);

  // When a key that waits for its time becomes ready; nullopt: none waits. Keys that are ready already don't
  // count.
  std::optional<time_point> next_wake() const { return closed_ ? std::nullopt : delayed_.next(); }

  // The clock that `now` is read from was set by so much and says `now`. Every key that waits is ready, as
  // each run decides afresh when to come back: whether it waited for so long or for that moment is not known
  // here.
  void clock_was_set(duration by, time_point now);

  // From now on adds are ignored and pop gives nothing; what is being processed may finish.
  void shut_down();
  bool is_shut_down() const { return closed_; }
  // Shut down, and no worker is at work any more.
  bool drained() const { return closed_ && processing_ == 0; }

  queue_statistics statistics(time_point now) const;

 private:
  enum class place : std::uint8_t {
    none,        // not ready
    queued,      // in the list of its priority
    processing,  // popped, not done
    dirty,       // being processed and added again
  };
  using order = std::list<const Key*>;  // points at the keys of entries_, which stay where they are
  struct group {
    order ready[queue_priorities];
    typename std::list<group*>::iterator turn[queue_priorities]{};  // valid while there are ready ones
    std::size_t processing = 0;
    std::size_t number = 0;
    bool is_idle() const { return processing == 0 && ready[0].empty() && ready[1].empty(); }
  };
  struct entry {
    place where = place::none;
    queue_priority priority = queue_priority::low;
    unsigned failures = 0;
    time_point ready_at{};
    typename order::iterator position{};  // valid while queued
    group* of = nullptr;                  // valid while queued, processing or dirty
  };
  using entries = std::unordered_map<Key, entry, Hash>;

  static std::size_t index(queue_priority priority) { return static_cast<std::size_t>(priority); }
  void enqueue(typename entries::value_type& node, time_point ready_at, queue_priority priority);
  void upgrade(entry& known, queue_priority priority);
  void drop_if_idle(typename entries::iterator node);
  void drop_if_idle(group& known);
  void promote_due(time_point now);
  void append(entry& to, const Key& key, queue_priority priority);
  void remove(entry& from);
  // The first group whose turn it is that has a ready key of that priority and may have one more worker.
  group* find_turn(queue_priority priority, std::size_t free_workers) const;
  struct turn {
    group* of = nullptr;  // null: none
    queue_priority priority = queue_priority::normal;
  };
  turn next_turn(std::size_t free_workers);

  backoff_policy policy_;
  grouping group_of_;
  entries entries_;
  std::unordered_map<std::size_t, group> groups_;  // that have keys ready or processed
  std::list<group*> turns_[queue_priorities];      // those that have ready keys, the next one first
  std::size_t depth_[queue_priorities] = {};       // of all groups
  unsigned passed_over_ = 0;  // normal keys in a row that were taken where a low one could have been
  timer_queue<Key, queue_priority, Hash> delayed_;
  std::size_t processing_ = 0;
  bool closed_ = false;
  std::uint64_t adds_[queue_priorities] = {};
  std::uint64_t retries_ = 0;
};

}  // namespace platformer::runtime

#include "runtime/work_queue_impl.hpp"  // IWYU pragma: export
