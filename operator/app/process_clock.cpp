#include "app/process_clock.hpp"

#include <chrono>

#include "controllers/reconcile/clock_set.hpp"
#include "net/system_time.hpp"

namespace platformer::app {

process_clock::process_clock() : clock_(net::system_time(), even()) {}

duration process_clock::even() {
  return net::steady_time().time_since_epoch();
}

duration process_clock::follow(world& in) {
  const duration by = clock_.follow(net::system_time(), even());
  if (by == duration(0)) return by;
  controllers::clock_was_set(in, by);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(by).count();
  in.log->log(log_level::warning, "the clock of this machine was set: everything is looked at again",
              {{"seconds", static_cast<std::int64_t>(seconds)}});
  return by;
}

}  // namespace platformer::app
