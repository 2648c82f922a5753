// The running operator: ordered start, workers, ordered stop.
//
//   start: probes -> cluster ID -> watches -> all synced -> workers
//   stop:  readiness off -> no new work, no new mintings -> what is in flight ends (tokens in hand are
//   written) ->
//          watches and clients closed -> events flushed
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "app/options.hpp"
#include "kube/connect.hpp"

namespace platformer::app {

// How long work in flight may take to end after SIGTERM: a Console call, its commit and a little more. Fits a
// terminationGracePeriodSeconds of 60.
inline constexpr duration drain_limit = std::chrono::seconds(45);

class manager {
 public:
  // `meters` and `log` outlive io.
  manager(boost::asio::io_context& io, options wanted, kube::kube_connection connection, metrics& meters,
          logger& log);
  ~manager();

  // Binds the probe server and starts everything else. Fails when the address can't be bound.
  result<void> start();

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::app
