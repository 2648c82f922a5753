#include "controllers/service_account/schedule.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "model/operation.hpp"

namespace platformer::accounts {
namespace {

// Never at once after an issuance, however short the granted lifetime: a Console that grants seconds must not
// make us mint without end.
constexpr duration shortest_age = std::chrono::minutes(1);

// Of [0, span], the same for one object at all times.
duration share_of(duration span, std::string_view uid) {
  if (span <= duration(0)) return duration(0);
  return duration(static_cast<std::int64_t>(fnv1a(uid) % static_cast<std::uint64_t>(span.count() + 1)));
}

bool was_scheduled(const secret_record& record) {
  return record.cause == to_string(mint_cause::scheduled_renewal);
}

renewal at_age(const secret_record& record, duration age, duration lead) {
  // Whole seconds, as status shows it.
  const time_point at =
      std::chrono::ceil<std::chrono::seconds>(*record.issued_at + std::max(age, shortest_age));
  return {at, std::chrono::ceil<std::chrono::seconds>(at + lead / 10)};
}

std::optional<renewal> before_expiry(const token_spec& spec, const secret_record& record,
                                     std::string_view uid) {
  if (spec.expires_at || !record.expires_at) return std::nullopt;
  const duration granted = std::max(*record.expires_at - *record.issued_at, duration(0));
  const bool chosen = spec.renew_before && *spec.renew_before < granted;
  const duration lead = chosen ? *spec.renew_before : granted / 3;
  const duration age = granted - lead;
  const duration spread = chosen || was_scheduled(record) ? lead / 10 : age / 2;
  return at_age(record, age - share_of(spread, uid), lead);
}

std::optional<renewal> by_rotation(const token_spec& spec, const secret_record& record,
                                   std::string_view uid) {
  if (!spec.rotation_interval) return std::nullopt;
  const duration interval = *spec.rotation_interval;
  const duration spread = was_scheduled(record) ? interval / 10 : interval / 2;
  return at_age(record, interval - share_of(spread, uid), interval);
}

}  // namespace

std::optional<renewal> next_renewal(const token_spec& spec, const secret_record& record,
                                    std::string_view uid) {
  if (!record.issued_at) return std::nullopt;
  const auto expiring = before_expiry(spec, record, uid);
  const auto rotating = by_rotation(spec, record, uid);
  if (!expiring || !rotating) return expiring ? expiring : rotating;
  return expiring->at <= rotating->at ? expiring : rotating;
}

std::optional<time_point> next_verification(const token_spec& spec, time_point since, std::string_view uid) {
  const duration interval = spec.verify_interval;
  if (interval <= duration(0)) return std::nullopt;
  const duration phase = share_of(interval - duration(1), uid);
  const duration past = since.time_since_epoch() - phase;
  const auto turns = past / interval + 1;
  return time_point(phase + interval * turns);
}

}  // namespace platformer::accounts
