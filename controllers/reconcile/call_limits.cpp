#include "controllers/reconcile/call_limits.hpp"

#include <algorithm>

namespace platformer::controllers {
namespace {

// A Console that keeps asking for pauses is called more and more rarely, whatever it asks for.
constexpr duration shortest_pause = std::chrono::seconds(1);
constexpr unsigned most_doublings = 6;

enum class sign : std::uint8_t { works, fails, none };

sign sign_of(const api_error* failure) {
  if (failure == nullptr) return sign::works;
  const api_errc code = failure->code;
  const bool no_answer =
      code == api_errc::unreachable || code == api_errc::connection_lost || code == api_errc::timeout;
  if (no_answer || code == api_errc::server_error) return sign::fails;
  // Without a status nobody answered: the request was not sent, or was unfit to be.
  return failure->http_status == 0 ? sign::none : sign::works;
}

}  // namespace

void call_limits::configure(const std::optional<rate_limit_spec>& wanted) {
  if (wanted == wanted_) return;
  wanted_ = wanted;
  bucket_.reset();
  if (!wanted) return;
  bucket_.emplace(static_cast<double>(std::max<std::int64_t>(wanted->requests_per_second, 1)),
                  static_cast<double>(std::max<std::int64_t>(wanted->burst, 1)));
  concurrent_ = std::max<std::int64_t>(wanted->concurrent, 1);
}

call_limits::answer call_limits::ask(call_purpose why, time_point now) {
  if (const auto until = paused_until(now)) return {verdict::blocked, *until, {}};
  if (breaker_.is_open() && why != call_purpose::probe) return {verdict::blocked, next_call(now), {}};
  if (bucket_) {
    if (under_way_ >= concurrent_) return {verdict::busy, {}, {}};
    if (const time_point at = bucket_->next_available(now); at > now) return {verdict::later, at, {}};
  }
  const permit given = breaker_.may_call(now);
  if (!given.allowed) return {verdict::blocked, given.ask_again, {}};
  if (bucket_) bucket_->try_take(now);
  ++under_way_;
  return {verdict::granted, {}, given};
}

bool call_limits::end(const permit& given, const api_error* failure, time_point now) {
  const bool blocked_before = blocked();
  under_way_ = std::max<std::int64_t>(under_way_ - 1, 0);
  switch (sign_of(failure)) {
    case sign::works:
      breaker_.on_success();
      break;
    case sign::fails:
      breaker_.on_failure(given, now);
      break;
    case sign::none:
      breaker_.on_no_outcome(given);
      break;
  }
  if (failure != nullptr && (failure->code == api_errc::rate_limited || failure->retry_after))
    begin_pause(*failure, now);
  else if (sign_of(failure) == sign::works && !pause_)
    pauses_ = 0;
  return blocked() != blocked_before;
}

// Answers of calls that were under way already may prolong a pause, not begin another.
void call_limits::begin_pause(const api_error& failure, time_point now) {
  if (!pause_) ++pauses_;
  const duration ours = shortest_pause * (1U << std::min(pauses_ - 1, most_doublings));
  const duration length = std::max(ours, failure.retry_after.value_or(duration{0}));
  if (pause_ && pause_->until >= now + length) return;
  pause_ = pause{length, now + length};
}

std::optional<time_point> call_limits::paused_until(time_point now) {
  if (!pause_) return std::nullopt;
  // A clock that was set back must not make it longer than it was ever meant to be.
  pause_->until = std::min(pause_->until, now + pause_->length);
  if (now >= pause_->until) pause_.reset();
  return pause_ ? std::optional(pause_->until) : std::nullopt;
}

void call_limits::clock_was_set(duration by) {
  if (pause_) pause_->until += by;
  if (bucket_) bucket_->clock_was_set(by);
  breaker_.clock_was_set(by);
}

time_point call_limits::next_call(time_point now) {
  const time_point paused = paused_until(now).value_or(now);
  const permit probe = breaker_.may_call(now);
  if (!probe.allowed) return std::max(paused, probe.ask_again);
  breaker_.on_no_outcome(probe);
  return paused;
}

}  // namespace platformer::controllers
