// What is going to happen, in order of time; what is due at the same time happens in the order in which it
// was planned.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace platformer::sim {

enum class event_kind : std::uint8_t {
  // to one incarnation of a replica
  request_arrives,  // at the server; subject: the run
  reply_arrives,    // subject: the run
  feed_due,         // subject: the feed's index, detail: its stream
  queue_due,
  end_due,  // of an orderly end: a look at how far it is; subject: 1, no patience is left
  // of the election, in its own time (lease.hpp); detail: the request's or wait's number
  lease_arrives,
  lease_due,  // a reply, or the end of a wait
  // to the world
  start_replica,
  process_ends,  // by itself
  late_commit,   // subject: which
  late_lease,    // subject: which
  collect_garbage,
  act,  // subject: a follow-up of people's acts
};

struct event {
  time_point at{};
  std::uint64_t order = 0;
  event_kind kind = event_kind::queue_due;
  std::uint8_t replica = 0;
  std::uint32_t incarnation = 0;
  std::uint32_t subject = 0;
  std::uint64_t detail = 0;
};

class event_queue {
 public:
  void push(event planned) {
    planned.order = ++last_order_;
    events_.push_back(planned);
    std::push_heap(events_.begin(), events_.end(), later);
  }
  // Puts an event back with its place among those of its time.
  void postpone(event planned, time_point until) {
    planned.at = until;
    events_.push_back(planned);
    std::push_heap(events_.begin(), events_.end(), later);
  }
  bool empty() const { return events_.empty(); }
  const event& next() const { return events_.front(); }
  event pop() {
    std::pop_heap(events_.begin(), events_.end(), later);
    const event due = events_.back();
    events_.pop_back();
    return due;
  }
  void clear() { events_.clear(); }

 private:
  static bool later(const event& a, const event& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }
  std::vector<event> events_;
  std::uint64_t last_order_ = 0;
};

}  // namespace platformer::sim
