// What the controllers share: what this process knows, its client of Kubernetes, and how to report.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "controllers/reconcile/knowledge.hpp"
#include "controllers/reconcile/outcome.hpp"
#include "controllers/reconcile/work_key.hpp"
#include "kube/event_recorder.hpp"
#include "kube/kube_client.hpp"

namespace platformer::app {

using controllers::connection_of;
using controllers::live_connection;
using controllers::outcome;
using controllers::work_key;
using controllers::work_kind;

class connection_calls;

struct world : controllers::knowledge {
  boost::asio::any_io_executor executor;
  // Runs evenly; what the machine's clock was set by it takes over in follow_clock.
  std::function<time_point()> clock;
  // Called before work is begun; empty: nobody sets the clock.
  std::function<void()> follow_clock;
  std::shared_ptr<kube::kube_client> kube;

  kube::event_recorder* events = nullptr;
  metrics* meters = nullptr;
  logger* log = nullptr;
  // Set by the manager, alive as long as anything runs.
  std::function<void(const work_key&, runtime::queue_priority)> enqueue;
  bool draining = false;  // shutting down: nothing new is begun
  // Whether a call that changes something at the Console may be sent now; empty: always.
  std::function<bool()> may_call;
  // The calls that wait for their turn, by connection.
  std::map<object_key, std::shared_ptr<connection_calls>> calls;

  using controllers::knowledge::knowledge;
};

}  // namespace platformer::app
