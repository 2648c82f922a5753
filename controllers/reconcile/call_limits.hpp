// When the next call may be made through a connection: its rate limit, the pauses that the Console asks for,
// and a circuit breaker for a Console that does not work. Pure: `now` is an argument.
//
//   auto may = limits.ask(call_purpose::work, now);
//   granted: make the call, then limits.end(may.permit, failure, now)
//   later:   ask again at may.at          busy: ask again when a call ends
//   blocked: don't; the connection's own reconcile finds out when calls can be made again
#pragma once

#include <cstdint>
#include <optional>

#include "model/api_error.hpp"
#include "model/console_connection.hpp"
#include "runtime/circuit_breaker.hpp"
#include "runtime/token_bucket.hpp"

namespace platformer::controllers {

enum class call_purpose : std::uint8_t {
  work,   // for a ServiceAccount
  probe,  // whether the Console works: may be made while the breaker is open, one at a time
};

class call_limits {
 public:
  using permit = runtime::circuit_breaker::answer;  // handed back with the outcome of the call

  enum class verdict : std::uint8_t { granted, later, busy, blocked };
  struct answer {
    verdict what = verdict::blocked;
    time_point at{};  // with later; with blocked: when it may be over
    permit given{};   // with granted
  };

  // Of the connection's spec; nullopt: no limit of ours. What is under way stays counted.
  void configure(const std::optional<rate_limit_spec>& wanted);

  answer ask(call_purpose why, time_point now);

  // A call that was granted has ended; null: the Console said yes. Codes that say that the request was not
  // sent count for nothing. True: calls were blocked or freed by it, so that the connection has to be looked
  // at.
  bool end(const permit& given, const api_error* failure, time_point now);

  // No ServiceAccount's call is made now.
  bool blocked() const { return breaker_.is_open() || pause_.has_value(); }
  bool breaker_open() const { return breaker_.is_open(); }
  // Until when the Console asked not to be called; ends a pause that is over.
  std::optional<time_point> paused_until(time_point now);
  // When the connection itself may make its next call: `now`, or later.
  time_point next_call(time_point now);
  // The clock that `now` is read from was set by so much.
  void clock_was_set(duration by);

 private:
  struct pause {
    duration length;
    time_point until;
  };
  void begin_pause(const api_error& failure, time_point now);

  std::optional<rate_limit_spec> wanted_;
  std::optional<runtime::token_bucket> bucket_;  // nullopt: no limit
  std::int64_t concurrent_ = 0;                  // with a bucket
  std::int64_t under_way_ = 0;
  runtime::circuit_breaker breaker_;
  std::optional<pause> pause_;
  unsigned pauses_ = 0;  // in a row, without a success between
};

}  // namespace platformer::controllers
