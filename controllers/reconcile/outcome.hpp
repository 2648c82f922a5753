// How a reconcile ended, as the queue needs to know it, and what the queue then does.
#pragma once

#include <variant>

#include "base/clock.hpp"
#include "controllers/console_connection/effects.hpp"
#include "controllers/service_account/effects.hpp"
#include "runtime/work_queue.hpp"

namespace platformer::controllers {

struct done {};    // until something changes
struct again_at {  // … or then
  time_point at{};
};
struct again_after_failure {  // with the key's back-off within these bounds
  duration at_least{};
  duration at_most{};
  runtime::queue_priority priority = runtime::queue_priority::low;  // behind what people do meanwhile
};
struct again_now {};  // our view was stale

using outcome = std::variant<done, again_at, again_after_failure, again_now>;

outcome outcome_of(const accounts::stop& end);
outcome outcome_of(const connections::stop& end);

// A stale view heals within milliseconds, when the watch delivers what we missed.
inline constexpr duration stale_view_limit = std::chrono::seconds(1);

// Puts the key back as the outcome says; done() stays to the caller. `random` in [0, 1) spreads the back-off.
template <class Key>
void settle(runtime::work_queue<Key>& queue, const Key& key, const outcome& end, time_point now,
            double random) {
  if (const auto* failure = std::get_if<again_after_failure>(&end)) {
    queue.add_rate_limited(key, now, random, failure->priority, {failure->at_least, failure->at_most});
  } else if (std::holds_alternative<again_now>(end)) {
    queue.add_rate_limited(key, now, random, runtime::queue_priority::normal,
                           {duration(0), stale_view_limit});
  } else {
    queue.forget(key);
    if (const auto* later = std::get_if<again_at>(&end))
      queue.add_after(key, later->at, now, runtime::queue_priority::low);
  }
}

}  // namespace platformer::controllers
