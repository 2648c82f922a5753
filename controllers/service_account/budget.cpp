#include "controllers/service_account/budget.hpp"

#include <algorithm>
#include <utility>

namespace platformer::accounts {
namespace {

enum class account_kind : std::uint8_t { automatic, requested, free };

account_kind kind_of(mint_cause cause) {
  switch (cause) {
    case mint_cause::renew_request:
      return account_kind::requested;
    // There is one first issuance; whatever repeats it has a cause of its own.
    case mint_cause::initial_issue:
    case mint_cause::scheduled_renewal:
      return account_kind::free;
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

bool hour_is_over(const mint_budget& budget, time_point now) {
  return !budget.hour_start || std::chrono::abs(now - *budget.hour_start) >= std::chrono::hours(1);
}

}  // namespace

time_point allowed_at(const mint_budget& budget, mint_cause cause, time_point now) {
  switch (kind_of(cause)) {
    case account_kind::free:
      return now;
    case account_kind::requested:
      if (hour_is_over(budget, now) || budget.requested < requests_per_hour) return now;
      return *budget.hour_start + std::chrono::hours(1);
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
    if (!hour_is_over(*each, now)) {
      both.requested = std::max(both.requested, each->requested);
      both.hour_start = std::max(both.hour_start, each->hour_start);
    }
  }
  return both;
}

mint_budget charge(mint_budget budget, mint_cause cause, time_point now) {
  switch (kind_of(cause)) {
    case account_kind::free:
      break;
    case account_kind::requested:
      if (hour_is_over(budget, now)) {
        budget.hour_start = now;
        budget.requested = 0;
      }
      ++budget.requested;
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
