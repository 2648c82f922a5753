#include "runtime/circuit_breaker.hpp"

#include <algorithm>

namespace platformer::runtime {

circuit_breaker::answer circuit_breaker::may_call(time_point now) {
  if (!open_) return {.allowed = true};
  // A clock that was set back must not make the wait longer than it was ever meant to be.
  open_->next_probe = std::min(open_->next_probe, now + open_->wait);
  if (open_->probe != 0) {
    open_->probe_ends = std::min(open_->probe_ends, now + limits_.probe_timeout);
    if (now < open_->probe_ends) return {.ask_again = open_->probe_ends};
    open_->probe = 0;
  }
  if (now < open_->next_probe) return {.ask_again = open_->next_probe};
  open_->probe = ++probes_;
  open_->probe_ends = now + limits_.probe_timeout;
  return {.allowed = true, .probe = open_->probe};
}

void circuit_breaker::on_success() {
  failures_ = 0;
  open_.reset();
}

void circuit_breaker::on_failure(const answer& call, time_point now) {
  if (open_) {
    if (!is_current_probe(call)) return;
    open_->probe = 0;
    open_->wait = std::min(2 * open_->wait, limits_.longest_wait);
    open_->next_probe = now + open_->wait;
    return;
  }
  if (call.probe != 0) return;  // given up, and the Console has answered others since
  if (++failures_ < limits_.failures_to_open) return;
  open_ = opened{.wait = limits_.shortest_wait, .next_probe = now + limits_.shortest_wait};
}

void circuit_breaker::on_no_outcome(const answer& call) {
  // Its time has come already: next_probe is past.
  if (is_current_probe(call)) open_->probe = 0;
}

void circuit_breaker::clock_was_set(duration by) {
  if (!open_) return;
  open_->next_probe += by;
  open_->probe_ends += by;
}

bool circuit_breaker::is_current_probe(const answer& call) const {
  return open_ && call.probe != 0 && call.probe == open_->probe;
}

}  // namespace platformer::runtime
