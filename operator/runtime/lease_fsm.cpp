#include "runtime/lease_fsm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace platformer::runtime {
namespace {

constexpr std::int64_t most_transitions = std::numeric_limits<std::int32_t>::max();  // as the API has it
// What a record may claim: a nonsensical one must not keep everybody away for ever.
constexpr duration longest_claim = std::chrono::hours(1);
constexpr duration released_duration = std::chrono::seconds(1);  // the API wants one above zero

}  // namespace

lease_fsm::lease_fsm(lease_options options) : options_(std::move(options)) {}

lease_action lease_fsm::step(const lease_input& input, time_point now, time_point wall, double random) {
  if (phase_ == phase::ended) return lease_end_action{};
  if (release_wanted_ && !release_by_) release_by_ = now + options_.release_limit;
  const context at{now, wall, std::clamp(random, 0.0, 1.0)};
  return std::visit([&](const auto& each) { return on(each, at); }, input);
}

bool lease_fsm::valid_for(time_point now, duration span) const {
  return role_ == lease_role::leader && !release_wanted_ && now + span < valid_until_;
}

// ---- inputs ----

lease_action lease_fsm::on(const lease_started&, context at) {
  if (phase_ != phase::fresh) return unexpected(at);
  return read(at);
}

lease_action lease_fsm::on(const lease_read& input, context at) {
  if (phase_ != phase::reading) return unexpected(at);
  observe(input.record, at.now);
  stale_ = false;
  if (std::exchange(in_doubt_, false) && shows_attempt(input.record)) return held(at);
  return decide(at);
}

lease_action lease_fsm::on(const lease_absent&, context at) {
  if (phase_ != phase::reading) return unexpected(at);
  stale_ = in_doubt_ = false;
  // Its holder may have renewed it since we looked, and may not know yet that it is gone.
  if (!seen_.meta.resource_version.empty()) seen_since_ = at.now;
  seen_.meta = {};
  if (release_wanted_) return end(lease_role::released);
  if (too_late(at.now)) return lose(lease_loss::not_renewed);
  if (role_ == lease_role::standby && !seen_.spec.holder.empty() && at.now < expiry()) return wait(at);
  return create(at);
}

lease_action lease_fsm::on(const lease_written& input, context at) {
  if (phase_ == phase::releasing) {
    observe(input.record, at.now);
    return end(lease_role::released);
  }
  if (phase_ != phase::creating && phase_ != phase::updating) return unexpected(at);
  observe(input.record, at.now);
  if (is_ours(input.record)) {
    stale_ = in_doubt_ = false;
    return held(at);
  }
  // Stored, but not what we sent: somebody stands in between.
  return look_again({.code = api_errc::malformed, .message = {}, .retry_after = {}}, at);
}

lease_action lease_fsm::on(const lease_failed& input, context at) {
  switch (phase_) {
    case phase::creating:
    case phase::updating:
    case phase::releasing:
      return look_again(input.error, at);
    case phase::reading:
      return wait(at, input.error.retry_after);
    case phase::fresh:
    case phase::waiting:
    case phase::ended:
      break;
  }
  return unexpected(at);
}

lease_action lease_fsm::on(const lease_wait_over&, context at) {
  if (phase_ != phase::waiting) return unexpected(at);
  looked_ = false;
  if (release_wanted_) return give_back(at);
  if (too_late(at.now)) return lose(lease_loss::not_renewed);
  return role_ == lease_role::leader && !stale_ ? take(at) : read(at);
}

// ---- decisions ----

// From the record as it was just read.
lease_action lease_fsm::decide(context at) {
  if (release_wanted_) return give_back(at);
  if (role_ == lease_role::leader) {
    if (!is_ours(seen_)) return lose(lease_loss::taken);
    return too_late(at.now) ? lose(lease_loss::not_renewed) : take(at);
  }
  // Even if it is ours: a write that we gave up has come through late, perhaps in place of a deleted record.
  return !seen_.spec.holder.empty() && at.now < expiry() ? wait(at) : take(at);
}

lease_action lease_fsm::read(context at) {
  phase_ = phase::reading;
  return lease_read_action{timeout(at.now)};
}

lease_action lease_fsm::create(context at) {
  phase_ = phase::creating;
  lease_spec spec;
  spec.holder = options_.identity;
  spec.lease_duration = options_.lease_duration;
  spec.acquired_at = at.wall;
  spec.renewed_at = at.wall;
  last_ = {.spec = spec, .replaces = {}, .sent_at = at.now};
  return lease_create_action{std::move(spec), timeout(at.now)};
}

// Takes or renews the record that was seen.
lease_action lease_fsm::take(context at) {
  phase_ = phase::updating;
  lease wanted = seen_;
  if (!is_ours(seen_)) {
    wanted.spec.acquired_at = at.wall;
    wanted.spec.transitions = std::clamp<std::int64_t>(seen_.spec.transitions, 0, most_transitions - 1) + 1;
  }
  wanted.spec.holder = options_.identity;
  wanted.spec.lease_duration = options_.lease_duration;
  wanted.spec.renewed_at = at.wall;
  last_ = {.spec = wanted.spec, .replaces = seen_.meta.resource_version, .sent_at = at.now};
  return lease_update_action{std::move(wanted), timeout(at.now)};
}

// The last attempt was carried out.
lease_action lease_fsm::held(context at) {
  const time_point renew_by = last_.sent_at + options_.renew_deadline;
  if (at.now >= renew_by) {
    // So late that it is worth nothing.
    return role_ == lease_role::leader ? lose(lease_loss::not_renewed) : wait(at);
  }
  role_ = lease_role::leader;
  // Others go by what the record says.
  const duration claimed = seen_.spec.lease_duration;
  valid_until_ = last_.sent_at + (claimed > duration{0} ? std::min(claimed, options_.lease_duration)
                                                        : options_.lease_duration);
  renew_by_ = std::min(renew_by, valid_until_);
  if (release_wanted_) return give_back(at);
  // Its answer came so late that the next renewal would come too late.
  return renew_by_ - at.now <= options_.retry_period ? take(at) : wait(at);
}

lease_action lease_fsm::give_back(context at) {
  if (at.now >= *release_by_) return end(lease_role::released);
  if (role_ == lease_role::standby && !in_doubt_ && !is_ours(seen_)) return end(lease_role::released);
  if (stale_) return read(at);
  if (!is_ours(seen_)) return end(lease_role::released);
  phase_ = phase::releasing;
  lease wanted = seen_;
  wanted.spec.holder.clear();
  wanted.spec.lease_duration = released_duration;
  wanted.spec.renewed_at = at.wall;
  return lease_update_action{std::move(wanted), timeout(at.now)};
}

// After a write that failed or may have failed.
lease_action lease_fsm::look_again(const api_error& error, context at) {
  switch (retry_of(error.code)) {
    case retry_class::after_change:
      if (phase_ == phase::releasing) return end(lease_role::released);
      return wait(at, error.retry_after);  // nothing was changed
    case retry_class::backoff:
      return wait(at, error.retry_after);  // likewise
    case retry_class::in_doubt:
      in_doubt_ = in_doubt_ || phase_ != phase::releasing;
      break;
    case retry_class::reread:
      break;
  }
  stale_ = true;
  // At once, but not again and again.
  if (error.retry_after || std::exchange(looked_, true)) return wait(at, error.retry_after);
  return too_late(at.now) && !release_wanted_ ? lose(lease_loss::not_renewed) : read(at);
}

// After retry_period; a standby spreads its looks and obeys `at_least`, a leader has no time for either.
lease_action lease_fsm::wait(context at, std::optional<duration> at_least) {
  phase_ = phase::waiting;
  if (release_wanted_) return lease_wait_action{std::min(at.now + options_.retry_period / 4, *release_by_)};
  if (role_ == lease_role::leader)
    return lease_wait_action{std::min(at.now + options_.retry_period, renew_by_)};
  const double spread = static_cast<double>(options_.retry_period.count()) * (options_.jitter - 1.0);
  const duration span = options_.retry_period + duration(std::llround(spread * at.random));
  const time_point until = at.now + std::max(span, at_least.value_or(duration{0}));
  // Not a moment later than it takes.
  const bool held = !seen_.spec.holder.empty() && expiry() > at.now;
  return lease_wait_action{held && !at_least ? std::min(until, expiry()) : until};
}

// The reply to what is under way can't be told from another any more.
lease_action lease_fsm::unexpected(context at) {
  in_doubt_ = in_doubt_ || phase_ == phase::creating || phase_ == phase::updating;
  stale_ = true;
  return wait(at);
}

lease_action lease_fsm::lose(lease_loss why) {
  loss_ = why;
  return end(lease_role::lost);
}

lease_action lease_fsm::end(lease_role role) {
  phase_ = phase::ended;
  role_ = role;
  valid_until_ = {};
  return lease_end_action{};
}

// ---- facts ----

void lease_fsm::observe(const lease& record, time_point now) {
  const bool same = record.spec == seen_.spec && record.meta.uid == seen_.meta.uid &&
                    record.meta.resource_version == seen_.meta.resource_version;
  if (!same) seen_since_ = now;
  seen_ = record;
}

// A record equal to the attempt is the attempt's only if it is not the one that it was to replace.
bool lease_fsm::shows_attempt(const lease& record) const {
  return record.spec == last_.spec && record.meta.resource_version != last_.replaces;
}

time_point lease_fsm::expiry() const {
  const duration claimed = seen_.spec.lease_duration;
  return seen_since_ + (claimed > duration{0} ? std::min(claimed, longest_claim) : options_.lease_duration);
}

duration lease_fsm::timeout(time_point now) const {
  if (release_by_) return std::max(*release_by_ - now, duration{1});
  if (role_ != lease_role::leader) return options_.request_timeout;
  return std::clamp(renew_by_ - now, duration{1}, options_.request_timeout);
}

}  // namespace platformer::runtime
