// Leader election as the program takes part in it: the Lease of its scope, what it logs and reports about it,
// and the fence before calls that change something at the Console.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "app/probe_server.hpp"
#include "app/world.hpp"
#include "kube/leader_elector.hpp"

namespace platformer::app {

// The Lease's name: "platformer-operator", and for an operator that watches single namespaces (sorted) or
// selects objects "platformer-operator-<8 hex digits>", so that only those with the same scope elect one of
// them.
std::string lease_name(const std::vector<std::string>& namespaces, const std::string& selector);

class election {
 public:
  struct hooks {
    std::function<void()> on_led;   // we lead from now on
    std::function<void()> on_lost;  // and now we don't any more, for ever; the reason has been logged
  };
  // `client` has connections of its own. `in` outlives this.
  election(world& in, const options& wanted, std::shared_ptr<kube::kube_client> client, hooks told);

  // To be called once, when the caches are warm.
  boost::asio::awaitable<void> run() {
    standing_ = true;
    return elector_.run();
  }
  // Gives the lease back, so that a standby need not wait for its end.
  boost::asio::awaitable<void> release() { return elector_.release(); }

  // The fence: whether a call may still be sent. False from the renew deadline on, so that between the last
  // call and another leader's first one there is at least the rest of the lease.
  bool may_call() const { return elector_.valid_for(fence_); }
  bool leads() const { return elector_.status().role == runtime::lease_role::leader; }
  // For /readyz: a standby is ready, and says who leads.
  check_result check() const;
  const std::string& lease() const { return lease_; }

 private:
  kube::leader_elector_options watched(const options& wanted);
  void led();
  void lost(runtime::lease_loss why);
  void new_holder(const std::string& holder);
  void note_problem(const std::string& text);

  world& in_;
  hooks told_;
  object_key key_;
  std::string lease_;  // namespace/name
  duration renew_deadline_;
  duration fence_;
  bool standing_ = false;  // run() was called
  kube::leader_elector elector_;
};

}  // namespace platformer::app
