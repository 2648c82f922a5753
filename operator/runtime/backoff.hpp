// Exponential back-off with jitter. Pure: the random value in [0, 1) and `now` are arguments.
//
//   backoff retry(backoff_policies::watch);
//   wait_until(now + retry.next(now, random()));
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace platformer::runtime {

// The n-th delay lies in [base, base * (1 + jitter)), where base = first * factor^n, and never beyond `max`.
// The base stops growing at max / (1 + jitter), so that delays are spread out at the upper end, too.
struct backoff_policy {
  duration first{};
  duration max{};
  double factor = 2.0;
  double jitter = 0.5;
  duration reset_after{
      0};  // the series starts anew when the last delay ended this long ago; 0: only by reset()
};

namespace backoff_policies {
// A key whose reconcile failed. Forgotten by work_queue::forget.
inline constexpr backoff_policy queue_item{
    .first = std::chrono::milliseconds(5), .max = std::chrono::minutes(5), .reset_after = duration(0)};
// List and watch requests to an apiserver.
inline constexpr backoff_policy watch{.first = std::chrono::milliseconds(800),
                                      .max = std::chrono::seconds(30),
                                      .reset_after = std::chrono::minutes(2)};
}  // namespace backoff_policies

// The delay after `failures` earlier ones (0: the first). `random` outside [0, 1) is clamped.
duration backoff_delay(const backoff_policy& policy, unsigned failures, double random);

class backoff {
 public:
  explicit backoff(backoff_policy policy) : policy_(policy) {}

  // Counts a failure and says how long to wait after it.
  duration next(time_point now, double random);
  void reset();
  // Failures in the running series, as next() would see it at `now`.
  unsigned failures(time_point now) const;

 private:
  backoff_policy policy_;
  unsigned failures_ = 0;
  std::optional<time_point> last_delay_end_;
};

}  // namespace platformer::runtime
