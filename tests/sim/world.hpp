// The simulated world of one schedule: two servers, the operator's replicas, people, time and faults.
// Everything that happens is an event; the same scenario, plan and seed give the same events.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/event_queue.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/lease.hpp"
#include "tests/sim/mutant.hpp"
#include "tests/sim/oracle.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/random.hpp"
#include "tests/sim/replica.hpp"
#include "tests/sim/servers.hpp"

namespace platformer::sim {

// 2026-11-23T08:00:00Z
inline constexpr time_point start_of_time{std::chrono::seconds(1795420800)};

struct schedule {
  std::uint64_t seed = 0;  // 0: every latency is the same, so that only the plan makes a difference
  fault_plan plan;
  bool wild = false;   // latencies, watches and pauses are drawn from wide ranges
  bool trace = false;  // keep a transcript
};

class world {
 public:
  world(const schedule& how, const mutant& bugs);
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  // ---- for scenarios
  // The operator's only process, without an election.
  void start_operator() { add_process(false, {}); }
  // One more replica, which stands for election; its machine's clock is wrong by `skew`. Its number.
  std::uint8_t start_replica(duration skew = {}) { return add_process(true, skew); }
  // The process dies and starts again.
  void restart_operator() { kill(0); }
  void kill(std::uint8_t number);
  // SIGSTOP, and SIGCONT after a while.
  void stop(std::uint8_t number, duration span);
  // SIGTERM. `restart`: another process takes its place.
  void terminate(std::uint8_t number, bool restart);
  void set_clock(std::uint8_t number, duration skew);
  // The replica that holds the Lease; the first one where none does.
  std::uint8_t leader() const;
  // Runs until nothing has happened for two minutes, or half an hour has passed.
  void settle();
  // Runs on for a while.
  void pass(duration span);
  // From now on requests are numbered, and what the plan says happens.
  void arm();
  // Everything that is to happen has happened, faults are over, and after that the operator has come to rest:
  // has sent no request for six hours. Carries out what the plan holds beyond the last request.
  void come_to_rest();
  // For states that are looked at again and again: two hours later.
  void let_it_be() { pass(std::chrono::hours(2)); }
  // Every call of the Console ends with a 503 until then.
  void take_console_down_until(time_point end) {
    console_down_from_ = now;
    console_down_until_ = end;
    starts_before_outage_ = incarnations_;
  }
  // The operator never ends to look: at rest it makes that many requests in an hour at most, which only read.
  void expect_looks(std::uint64_t an_hour) { looks_an_hour_ = an_hour; }
  // More than a few objects cause, from one rest to the next.
  void expect_events(std::uint64_t most) { events_limit_ = most; }
  bool operator_looks() const { return looks_an_hour_ != 0; }
  // Every write of a Secret of ours is refused until then, as by a quota.
  void refuse_secrets_until(time_point end);

  // ---- for replicas
  void plan(event planned) { events_.push(planned); }
  void send(replica& from, account_run& run);
  void send(replica& from, connection_run& run);
  void on_events(const account_run& run, const std::vector<accounts::event_note>& notes);
  void on_end(const account_run& run);
  std::string new_operation_id() { return "op-" + std::to_string(++operations_); }
  duration request_latency();
  duration watch_latency();
  models::kube_version lagging_version() const { return now < lags_until_ ? lagging_ : 0; }
  time_point lists_lag_until() const { return lags_until_; }
  bool clocks_differ() const { return clocks_differ_; }
  runtime::watch_fsm_options watch_options();

  duration skew_of(std::uint8_t number) const { return processes_[number].skew; }
  // Calls that may or may not have been made, for all that the next process can know.
  void doubt(std::uint64_t calls) { doubts_ += calls; }

  actor actor_of(const account_run& run) const;

  // ---- for everybody
  void fail(std::string what);
  bool failed() const { return !violations_.empty(); }
  const std::vector<std::string>& violations() const { return violations_; }
  std::uint32_t points() const { return points_; }
  // Faults so far that may have left a call in doubt, and renewals that the schedule called for.
  std::uint64_t doubts() const { return doubts_; }
  std::uint64_t scheduled_renewals() const { return scheduled_; }
  // Mintings that were carried out when their doubt had been settled already.
  std::uint64_t overtaken_calls() const { return overtaken_; }
  // Requests to restart a workload that were carried out when nobody waited for them any more.
  std::uint64_t late_restarts() const { return late_restarts_; }
  void expect_scheduled_renewals(std::uint64_t more) { scheduled_ += more; }
  std::uint64_t requests() const { return requests_; }
  // Processes that have begun so far.
  std::uint64_t starts() const { return incarnations_; }
  // Calls of the Console that met nothing but a 503, beyond the outage's first minute.
  std::uint64_t calls_in_outage() const { return calls_in_outage_; }
  bool tracing() const { return how_.trace; }
  void note(std::string line);
  const std::vector<std::string>& transcript() const { return transcript_; }

  time_point now = start_of_time;
  random_source random;
  servers all;
  people crowd;
  oracle watcher;
  lease_office leases;
  const mutant* bugs;

 private:
  static constexpr duration garbage_delay = std::chrono::seconds(1);

  // A place for one process after another.
  struct process {
    std::unique_ptr<replica> runs;
    time_point stopped_until{};
    duration skew{};
    bool elects = false;
    bool restarts = true;
  };
  struct late_request {
    std::variant<accounts::request, connections::request> wanted;
    caller who;
    std::optional<actor> on_behalf;  // nullopt: a connection's
    time_point due_at{};             // it is not under way any more, for all that anybody can know
  };

  template <class Run>
  void transmit(replica& from, Run& run);
  void judge_outage();
  template <class Run>
  void arrive(replica& at, Run& run, std::optional<fault> what);
  template <class Run>
  void answer_with(replica& at, Run& run, api_error error, time_point when);
  void carry_out(const event& due);
  void carry_out_election(const event& due);
  // The request is carried out then, whether or not somebody waits for it.
  template <class Run>
  void postpone(const Run& run, std::optional<actor> who, time_point until);
  void carry_out_late(const late_request& late);
  void carry_out_late(const accounts::request& wanted, const caller& who, const actor& on_behalf);
  // Whether the intent of the minting is on its object; and what follows where it was not.
  bool is_noted(const actor& who) const;
  void on_late_change(const accounts::request& wanted, const actor& who);
  void on_unnoticed(const actor& who, const accounts::response& reply);
  void run_until(time_point limit, duration quiet);
  // Lets the election sleep until then, if it would only go on as it does.
  void let_election_sleep(time_point until);
  bool election_is_settled() const;
  bool is_stopped(const event& due) const { return processes_[due.replica].stopped_until > now; }
  std::uint8_t add_process(bool elects, duration skew);
  void start_process(std::uint8_t number);
  void end_process(std::uint8_t number);
  void inject(fault what, replica* at);
  void break_watches(fault how);
  void crash(replica& victim);
  std::optional<fault> take_fault();
  replica* alive(const event& of);
  void stored(const models::kube_change& change);

  struct schedule how_;
  event_queue events_;
  std::vector<process> processes_;
  std::uint32_t incarnations_ = 0;
  std::vector<late_request> late_;
  std::vector<std::string> violations_;
  std::vector<std::string> transcript_;
  bool armed_ = false;
  std::uint32_t points_ = 0;
  std::size_t taken_ = 0;  // of the plan
  std::uint64_t requests_ = 0;
  std::uint64_t operations_ = 0;
  std::uint64_t doubts_ = 0;
  std::uint64_t overtaken_ = 0;
  std::uint64_t late_restarts_ = 0;
  std::uint64_t scheduled_ = 0;
  time_point last_request_{};
  models::kube_version lagging_ = 0;
  time_point lags_until_{};
  bool clocks_differ_ = false;
  time_point stalled_until_{};
  time_point console_down_from_{};
  time_point console_down_until_{};
  std::uint64_t starts_before_outage_ = 0;
  std::uint64_t calls_in_outage_ = 0;
  std::uint64_t looks_an_hour_ = 0;
  std::uint64_t events_limit_ = 200'000;
  std::uint64_t looks_ = 0;  // since the last request that was more than a look
  bool garbage_planned_ = false;
};

}  // namespace platformer::sim
