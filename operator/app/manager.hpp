// The running operator: ordered start, workers, ordered stop.
//
//   start: probes -> cluster ID -> watches -> all synced -> elected, with --leader-elect -> workers
//   stop:  readiness off -> no new work, no new mintings -> what is in flight ends (tokens in hand are
//          written) -> lease given back -> watches and clients closed -> events flushed
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "app/options.hpp"
#include "kube/connect.hpp"

namespace platformer::app {

// How long work in flight may take to end after SIGTERM: a Console call, its commit and a little more. Fits a
// terminationGracePeriodSeconds of 60.
inline constexpr duration drain_limit = std::chrono::seconds(45);
// The same after a lost leadership: a token in hand is still better written than lost, as its Secret's
// version is a precondition; everything else is for the new leader.
inline constexpr duration lost_limit = std::chrono::seconds(4);

class manager {
 public:
  // `meters` and `log` outlive io. `for_lease` is needed with wanted.leader_elect: a connection of its own,
  // so that a renewal never waits behind other requests.
  manager(boost::asio::io_context& io, options wanted, kube::kube_connection connection,
          std::optional<kube::kube_connection> for_lease, metrics& meters, logger& log);
  ~manager();

  // Binds the probe server and starts everything else. Fails when the address can't be bound.
  result<void> start();
  // Once io has ended: 0, or 1 when the leadership was lost.
  int exit_code() const;

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::app
