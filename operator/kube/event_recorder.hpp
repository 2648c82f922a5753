// Writes Kubernetes events (events.k8s.io/v1) behind everybody's back: record() never waits and never fails.
// An event that can't be written is dropped and counted; the object's conditions say the same in any case.
//
//   auto events = event_recorder(client, journal, now);
//   co_spawn(executor, events.run(), …);
//   events.record({…});
//   co_await events.stop(2s);  // writes what is queued, for so long at most
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "kube/event_journal.hpp"
#include "kube/kube_client.hpp"

namespace platformer::kube {

class event_recorder {
 public:
  event_recorder(boost::asio::any_io_executor executor, std::shared_ptr<kube_client> client,
                 event_journal journal, std::function<time_point()> now);

  void record(const event_record& event);
  // Writes one event after the other until stop(). To be spawned once.
  boost::asio::awaitable<void> run();
  // Ends run() when the queue is empty, or after `patience`; what is left is counted as dropped.
  boost::asio::awaitable<void> stop(duration patience);

  struct statistics {
    std::uint64_t written = 0;
    std::uint64_t dropped = 0;
    std::size_t queued = 0;
  };
  statistics stats() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace platformer::kube
