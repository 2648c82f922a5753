// A scenario whose operator reaches apiserver and Console through a gate only, with a short call timeout, so
// that an operation in doubt is waited out in a second.
//
//   gated_scenario at;
//   at.start_operator();
//   const auto lost = at.gate.impose({.on = at.counted("ci-bot"), .nth = 2, .act = act::cut{moment::after}});
//
// Beside what a test does there are, from the start, an account of a Ready ServiceAccount (`bystander`) and
// one that somebody made by hand: nothing that happens to others may touch them.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "tests/gate/gate.hpp"
#include "tests/integration/harness/kube_api.hpp"
#include "tests/integration/harness/scenario.hpp"

namespace platformer::test {

inline constexpr const char* bystander = "bystander";

struct gated_options {
  std::string label{};          // as in scenario
  std::uint16_t apiserver = 0;  // the port of another one than the control plane's first
  bool replicas = false;        // two operators, of which one leads and the other stands by
};

// For specs: nothing comes by the day's schedule between the requests of an operation.
inline constexpr const char* never_verified = "token: {verifyInterval: '0'}";

class gated_scenario {
 public:
  // Ready for use: connection `default` and the bystander are Ready, the operator runs. Throws when they
  // don't become so.
  explicit gated_scenario(const gated_options& options = {});

  // A ConsoleConnection behind the gate.
  void connect(const std::string& name);
  void start_operator();  // once more when it has ended
  // Of the operator's user, through the gate.
  const std::filesystem::path& kubeconfig() const { return kubeconfig_; }
  void kill_operator();  // and waits for its end
  bool wait_operator_end();
  operator_process& the_operator() { return *operator_; }
  pid_t operator_pid() const { return pid_; }  // of the leader, where there are two
  // System time (whole seconds) of the operator's last start.
  std::time_t started_at() const { return started_at_; }

  // Stops the leader without ending it; from a hook, too.
  void freeze_leader() const;
  bool wait_standby_leads();
  // Lets the frozen leader go on. It has to end, as it does not lead any more; the one that does takes its
  // place, and a new one stands by. Empty, or why it didn't.
  std::string thaw_leader();
  pid_t standby_pid() const { return standby_pid_; }
  void kill_standby() { standby_->program().kill(); }
  // Starts whichever has ended, until one of the two leads, who counts as the leader from now on, and the
  // other stands by. Empty, or what is wrong.
  std::string elect();

  // Requests that belong to the work on `object` and its connection: no watches, lists of Kubernetes, events,
  // leases, and nothing about the bystander.
  static bool is_work(const passage& passed);
  // All others, but for leases and what is about the bystander by name.
  static bool is_beside_work(const passage& passed);
  static request_pattern work() { return {.also = is_work}; }

  // What is wrong with what nobody may touch; empty: nothing.
  std::vector<std::string> harm_done_to_others();
  // From now on: the test has changed them itself.
  void remember_others() { others_before_ = others(); }

  scenario it;
  test::gate gate;
  kube_api api;

 private:
  operator_process launch();
  void let_elect();
  void start_standby();
  static bool says(operator_process& one, const std::string& what);
  void make_account_by_hand();
  nlohmann::json others();

  bool replicas_;
  std::filesystem::path kubeconfig_;
  std::string console_url_;
  std::atomic<pid_t> pid_ = -1;
  std::atomic<pid_t> standby_pid_ = -1;
  std::time_t started_at_ = 0;
  nlohmann::json others_before_;
  std::size_t launched_ = 0;
  std::optional<operator_process> operator_;
  std::optional<operator_process> standby_;
};

}  // namespace platformer::test
