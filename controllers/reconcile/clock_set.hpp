// The clock of the machine is set while the process runs. What it keeps are moments by that clock, of which
// most are the beginnings or ends of spans (when a doubt began, when the next look is due): they are moved
// along, so that a span stays as long as it was. Moments of the world, such as the end of a token, are in
// objects and stay.
#pragma once

#include <type_traits>
#include <variant>

#include "controllers/reconcile/knowledge.hpp"
#include "controllers/reconcile/outcome.hpp"
#include "runtime/settable_clock.hpp"

namespace platformer::controllers {

// To be called at once when clock() begins to tell another time; queues and reconciles under way have their
// own parts (work_queue::clock_was_set, run_clock).
void clock_was_set(knowledge& known, duration by);

void move_moments(accounts::memory& remembered, duration by);
void move_moments(connections::memory& remembered, duration by);

// The time of one reconcile: it goes on evenly when the clock is set, so that moments in what the reconcile
// has seen and what it remembers mean the same until its end.
class run_clock {
 public:
  explicit run_clock(const knowledge& known) : known_(&known), began_with_(known.clock_set_by) {}

  // By how much the clock was set since the reconcile began.
  duration set_by() const { return known_->clock_set_by - began_with_; }
  // Of what the process's clock says.
  time_point at(time_point clock) const { return clock - set_by(); }

  // Moments in a request, for whoever carries it out by the process's clock.
  template <class... Kinds>
  void translate(std::variant<Kinds...>& wanted) const {
    const auto move = [this](auto& request) {
      if constexpr (requires { request.not_before; }) runtime::move_moment(request.not_before, set_by());
      if constexpr (requires { request.next_check; }) runtime::move_moment(request.next_check, set_by());
      if constexpr (std::is_same_v<decltype(request), connections::begin_look&>) {
        request.since += set_by();
        request.next += set_by();
      }
    };
    std::visit(move, wanted);
  }

  // At the end: what is remembered goes by the process's clock again, and the key comes back at once where
  // the moment to come back was worked out by another time.
  template <class Memory>
  void end(Memory& remembered, outcome& how) const {
    if (set_by() == duration(0)) return;
    move_moments(remembered, set_by());
    if (std::holds_alternative<again_at>(how)) how = again_now{};
  }

 private:
  const knowledge* known_;
  duration began_with_;
};

}  // namespace platformer::controllers
