#include "controllers/service_account/budget.hpp"

#include <algorithm>
#include <utility>

namespace platformer::accounts {
namespace {

enum class account_kind : std::uint8_t { automatic, requested, scheduled, free };

account_kind kind_of(mint_cause cause) {
  switch (cause) {
    case mint_cause::renew_request:
      return account_kind::requested;
    // There is one first issuance; whatever repeats it has a cause of its own.
    case mint_cause::initial_issue:
      return account_kind::free;
    case mint_cause::scheduled_renewal:
      return account_kind::scheduled;
    case mint_cause::token_lost:
    case mint_cause::account_lost:
    case mint_cause::adoption:
    case mint_cause::revoked_externally:
    case mint_cause::recovery:
      return account_kind::automatic;
  }
  return account_kind::automatic;
}

bool is_quiet(const mint_budget& budget, time_point now) {
  // A time in the near future (a clock that was set back) counts as just now; one of the far future is a
  // forgery or a broken clock's, and must not block for ever.
  return !budget.last_automatic || std::chrono::abs(now - *budget.last_automatic) > quiet_time;
}

bool hour_is_over(const std::optional<time_point>& start, time_point now) {
  return !start || std::chrono::abs(now - *start) >= std::chrono::hours(1);
}

time_point within_hour(std::int64_t count, std::int64_t most, const std::optional<time_point>& start,
                       time_point now) {
  return hour_is_over(start, now) || count < most ? now : *start + std::chrono::hours(1);
}

void count_in_hour(std::int64_t& count, std::optional<time_point>& start, time_point now) {
  if (hour_is_over(start, now)) {
    start = now;
    count = 0;
  }
  ++count;
}

}  // namespace

time_point allowed_at(const mint_budget& budget, mint_cause cause, time_point now) {
  switch (kind_of(cause)) {
    case account_kind::free:
      return now;
    case account_kind::requested:
      return within_hour(budget.requested, requests_per_hour, budget.hour_start, now);
    case account_kind::scheduled:
      return within_hour(budget.scheduled, scheduled_per_hour, budget.scheduled_start, now);
    case account_kind::automatic:
      break;
  }
  if (is_quiet(budget, now) || budget.automatic < 1) return now;
  // 1, 2, 4 … 256 and then every 360 minutes: the 13th falls beyond a day.
  const auto doublings = std::min<std::int64_t>(budget.automatic - 1, 9);
  duration distance = std::min<duration>(first_distance * (1LL << doublings), longest_distance);
  if (cause == mint_cause::revoked_externally) distance = std::max(distance, revocation_distance);
  return std::min(*budget.last_automatic, now) + distance;
}

mint_budget stricter(const mint_budget& one, const mint_budget& other, time_point now) {
  mint_budget both;
  for (const mint_budget* each : {&one, &other}) {
    if (!is_quiet(*each, now)) {
      both.automatic = std::max(both.automatic, each->automatic);
      both.last_automatic = std::max(both.last_automatic, each->last_automatic);
    }
    if (!hour_is_over(each->hour_start, now)) {
      both.requested = std::max(both.requested, each->requested);
      both.hour_start = std::max(both.hour_start, each->hour_start);
    }
    if (!hour_is_over(each->scheduled_start, now)) {
      both.scheduled = std::max(both.scheduled, each->scheduled);
      both.scheduled_start = std::max(both.scheduled_start, each->scheduled_start);
    }
  }
  return both;
}

mint_budget charge(mint_budget budget, mint_cause cause, time_point now) {
  switch (kind_of(cause)) {
    case account_kind::free:
      break;
    case account_kind::requested:
      count_in_hour(budget.requested, budget.hour_start, now);
      break;
    case account_kind::scheduled:
      count_in_hour(budget.scheduled, budget.scheduled_start, now);
      break;
    case account_kind::automatic:
      if (is_quiet(budget, now)) budget.automatic = 0;
      ++budget.automatic;
      budget.last_automatic = now;
      break;
  }
  return budget;
}

}  // namespace platformer::accounts
