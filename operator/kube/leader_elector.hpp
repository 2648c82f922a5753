// Takes part in the election for one Lease: performs the actions of runtime/lease_fsm over a kube_client and
// tells what came of them. Never throws for what a server does; what is wrong is in status().
//
//   leader_elector elector(executor, client, {.lease = {"ops", "platformer-operator"}, .fsm = {.identity =
//   …}}); co_spawn(executor, elector.run(), detached); … on_started_leading() … if (elector.valid_for(2s))
//   act … co_await elector.release();
//
// Give it a client whose connections nobody else uses: a renewal that waits behind other requests is late.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kube/kube_client.hpp"
#include "runtime/lease_fsm.hpp"

namespace platformer::kube {

// A clock that nobody sets and that counts the time that the machine was suspended.
time_point boot_time();

struct leader_elector_options {
  object_key lease;  // its namespace must exist, the Lease itself need not
  runtime::lease_options fsm;
  std::function<time_point()> clock;  // monotonic; empty: boot_time
  std::function<double()> random;     // in [0, 1); empty: a generator seeded by the system
  // May be empty. Called from run().
  std::function<void()> on_started_leading;
  // Held and lost, for ever: whoever acts as the leader has to stop. run() has ended.
  std::function<void(runtime::lease_loss why)> on_lost;
  // Another record holder was seen, ourselves included; empty: the lease is free.
  std::function<void(const std::string& holder)> on_new_holder;
  // Called when status().problem has another text, for the log; empty text: it is over.
  std::function<void(const std::string& problem)> on_problem;
};

struct election_status {
  runtime::lease_role role = runtime::lease_role::standby;
  std::string holder;  // as last seen; empty: free, or not seen yet
  // What keeps us from reading or writing the Lease and what to do about it, in one line fit for /readyz.
  // Empty: nothing. It stays until a request succeeds.
  std::string problem;
  // The apiserver's clock (Date header, whole seconds) in the reply by which we became the leader, or a later
  // one. What was created in a later second was created while we led.
  std::optional<time_point> leading_since;
};

class leader_elector {
 public:
  leader_elector(boost::asio::any_io_executor executor, std::shared_ptr<kube_client> client,
                 leader_elector_options options);
  ~leader_elector();  // gives nothing back; no callback comes any more
  leader_elector(const leader_elector&) = delete;
  leader_elector& operator=(const leader_elector&) = delete;

  // To be called once. Ends when the lease is given back or lost.
  boost::asio::awaitable<void> run();
  // Gives the lease back if we hold it, and takes part no more. Returns when run() has ended, after
  // lease_options::release_limit and one request's timeout at most. Call it when nothing acts any more.
  boost::asio::awaitable<void> release();

  // Whether we still lead after `span` without another renewal.
  bool valid_for(duration span) const;
  bool leading() const { return valid_for(duration{0}); }
  const election_status& status() const;

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace platformer::kube
