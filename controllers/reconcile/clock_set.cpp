#include "controllers/reconcile/clock_set.hpp"

namespace platformer::controllers {

using runtime::move_moment;

void move_moments(accounts::memory& remembered, duration by) {
  move_moment(remembered.doubt_since, by);
  move_moment(remembered.account_written_at, by);
  move_moment(remembered.looked_at, by);
  move_moment(remembered.verified_at, by);
}

void move_moments(connections::memory& remembered, duration by) {
  move_moment(remembered.doubted_since, by);
  if (remembered.clean_up_at) *remembered.clean_up_at += by;
}

void clock_was_set(knowledge& known, duration by) {
  known.clock_set_by += by;
  known.registry.clock_was_set(by);
  for (auto& [key, written] : known.written_before)
    written += by;
  for (auto& [uid, remembered] : known.memories)
    move_moments(remembered, by);
}

}  // namespace platformer::controllers
