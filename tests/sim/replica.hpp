// One process of the operator: the real caches, queues, watches and decisions, with events in place of
// coroutines and models in place of sockets. As operator/app, whose parts it names where it does their work.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "controllers/console_connection/step.hpp"
#include "controllers/reconcile/clock_set.hpp"
#include "controllers/reconcile/outcome.hpp"
#include "controllers/service_account/step.hpp"
#include "tests/sim/feed.hpp"
#include "tests/sim/lease.hpp"
#include "tests/sim/servers.hpp"

namespace platformer::sim {

class world;

// A client that was built from a credential.
struct sim_client final : controllers::connection_client {
  std::string credential;
  std::string organization_id;
  // Accounts that bear a marker of this cluster; objects share it.
  struct accounts_listing {
    time_point began_at{};
    std::vector<account> accounts;
  };
  std::optional<accounts_listing> listing;

  void clock_was_set(duration by) override {
    if (listing) listing->began_at += by;
  }
};

// A reconcile under way. It waits for the answer to `wanted`, if it waits at all.
template <class Snapshot, class State, class Request, class Response>
struct reconcile {
  std::uint32_t number = 0;
  object_key key;
  Snapshot seen;
  State now;
  std::optional<Request> wanted;
  served<Response> answer;
  caller who;
  std::shared_ptr<sim_client> client;
  unsigned requests = 0;
  time_point began_at{};
  time_point sent_at{};                                    // the request that it waits for
  std::optional<controllers::call_limits::permit> permit;  // of the call that is under way
  std::optional<controllers::run_clock> clock;
};
// A call that was not made, and why.
api_error not_sent(const char* why);

struct account_run : reconcile<accounts::snapshot, accounts::state, accounts::request, accounts::response> {
  std::uint64_t deeds_before = 0;              // what people had done when it began
  bool preflight = false;                      // a dry run has passed
  std::optional<accounts::request> postponed;  // by a mutant
};
struct connection_run
    : reconcile<connections::snapshot, connections::state, connections::request, connections::response> {
  accounts::connection_view::standing before{};
};

class replica final : public feed_host {
 public:
  replica(world& around, std::uint8_t index, std::uint32_t incarnation, bool elects);
  ~replica() override;

  std::uint8_t index() const { return index_; }
  std::uint32_t incarnation() const { return incarnation_; }
  const std::string& holder() const { return known_.holder; }
  const controllers::knowledge& known() const { return known_; }
  std::size_t account_runs() const { return account_runs_.size(); }
  // Null: without --leader-elect.
  candidate* candidacy() { return candidacy_ ? &*candidacy_ : nullptr; }
  const candidate* candidacy() const { return candidacy_ ? &*candidacy_ : nullptr; }
  bool draining() const { return draining_; }
  // The clock of its machine, which may be wrong and may be set.
  time_point clock() const;

  void start();
  void on_feed(std::uint32_t index, std::uint64_t stream);
  void on_queue_due() {
    wake_planned_.reset();
    pump();
  }
  void on_reply(std::uint32_t run);
  // The run whose request arrives at the server now; null: it is over.
  account_run* find_account_run(std::uint32_t number);
  connection_run* find_connection_run(std::uint32_t number);
  void poke(models::kube_kind kind);
  void break_streams();
  void on_clock_set(duration by);
  void on_led(time_point since);
  // As operator/app/manager: nothing new is begun, what is under way ends within `patience`, tokens in hand
  // are written, the Lease is given back; then process_ends.
  void shut_down(duration patience);
  void on_end_due(bool at_once);
  void on_lost();
  void on_released() { leave(); }

  void schedule_feed(std::size_t index, std::uint64_t stream, time_point at) override;
  duration request_latency() override;
  duration watch_latency() override;
  double random_unit() override;
  models::kube_version list_replica(models::kube_kind kind) override;
  void on_synced(std::size_t index) override;

 private:
  void enqueue(const controllers::work_key& key, runtime::queue_priority priority);
  bool synced() const;
  void pump();
  void begin_account(const object_key& key);
  void begin_connection(const object_key& key);
  void advance(account_run& run, accounts::response answer);
  void advance(connection_run& run, connections::response answer);
  void end(account_run& run, controllers::outcome how);
  void end(connection_run& run, controllers::outcome how);
  // What needs no server; nullopt: it does.
  std::optional<accounts::response> answer_here(account_run& run);
  std::optional<connections::response> answer_here(connection_run& run);
  accounts::response reserve_revocation(const account_run& run, bool again);
  // The connection's limits (operator/app/connection_calls): an error where no call may be made now. A rate
  // limit is not simulated.
  std::optional<accounts::response> enter(account_run& run);
  std::optional<connections::response> enter(connection_run& run);
  template <class Run>
  bool ask_limits(Run& run, const object_key& connection);
  template <class Run>
  void leave(Run& run, const object_key& connection, const api_error* failure);
  sim_client& use_client_in_use(connection_run& run);
  void use_answer(connection_run& run);
  void note(const models::kube_pointer& object);
  void refused(const account_run& run, const api_error& error);
  void plan_end_due(time_point at, bool at_once);
  void go_on_ending();
  std::deque<object_key> waiting_for_commit() const;
  void leave();

  world& world_;
  std::uint8_t index_;
  std::uint32_t incarnation_;
  controllers::knowledge known_;
  controllers::enqueue_function enqueue_;
  runtime::work_queue<object_key> accounts_;
  runtime::work_queue<object_key> connections_;
  std::array<std::unique_ptr<feed>, 3> feeds_;
  std::map<std::uint32_t, std::unique_ptr<account_run>> account_runs_;
  std::map<std::uint32_t, std::unique_ptr<connection_run>> connection_runs_;
  std::uint32_t last_run_ = 0;
  std::optional<time_point> wake_planned_;
  bool pumping_ = false;
  std::optional<candidate> candidacy_;
  bool leads_ = false;
  bool draining_ = false;
  time_point drain_until_{};
  std::deque<object_key> committing_;  // tokens in hand, whose turn comes in this round
  bool round_begun_ = false;
  bool left_ = false;
};

}  // namespace platformer::sim
