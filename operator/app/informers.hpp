// The watches that feed the stores, one of each kind and watched namespace, and what their changes queue.
// What has no namespace (ClusterConsoleConnections, namespaces' labels) is watched only where everything is.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/connection_secrets.hpp"
#include "app/fleet_metrics.hpp"
#include "app/world.hpp"
#include "controllers/reconcile/triggers.hpp"
#include "kube/watch_source.hpp"
#include "runtime/store_sink.hpp"
#include "runtime/work_queue_types.hpp"

namespace platformer::app {

class informers {
 public:
  struct settings {
    std::vector<std::string> namespaces;  // empty: all
    std::string selector;                 // of ServiceAccounts; empty: all
    controllers::enqueue_function enqueue;
    std::function<void()> on_synced;  // after each first complete list
  };
  informers(world& in, settings wanted);

  void start();
  void stop();

  bool synced() const;
  // By resource; one that is not installed and not needed is left out.
  std::vector<watch_numbers> numbers() const;
  // Empty, or what keeps a watch from working and what to do about it.
  std::string problem() const;

 private:
  template <class T>
  // `kind`: what the apiserver calls the objects that it sends.
  void add(kube::resource what, std::string_view kind, const std::string& ns, runtime::store<T>& into,
           kube::watch_source_options options, result<T> (*decode)(const nlohmann::json&),
           bool can_do_without = false);

  struct feed {
    std::string resource;  // plural
    std::unique_ptr<runtime::watch_sink> sink;
    std::unique_ptr<kube::watch_source> source;
    bool committed = false;  // a complete list was delivered
    bool can_do_without = false;
    // Not installed, and not needed: when it is installed it is watched.
    bool is_left_out() const { return can_do_without && source->status().missing; }
  };
  world& in_;
  settings settings_;
  std::vector<feed> feeds_;
  connection_secrets credentials_;
};

}  // namespace platformer::app
