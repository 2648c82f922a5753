#include "tests/sim/lease.hpp"

#include "model/names.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using models::kube_kind;
using models::kube_object;
using models::kube_pointer;
using runtime::lease_input;
using runtime::lease_role;

// As operator/app has them by default.
runtime::lease_options options_of(std::string identity) {
  runtime::lease_options options;
  options.identity = std::move(identity);
  return options;
}

const duration term = runtime::lease_options().lease_duration;
// The rest of a term in which no call is sent any more (operator/app/election).
const duration margin = term - runtime::lease_options().renew_deadline;
constexpr duration lateness = std::chrono::seconds(1);

const object_key& lease_key() {
  static const object_key key{"platformer-system", std::string(names::lease)};
  return key;
}

lease_input failed(api_errc code, int status) {
  api_error error;
  error.code = code;
  error.http_status = status;
  error.message = "injected";
  return runtime::lease_failed{std::move(error)};
}

lease_input written(const models::kube_answer<kube_pointer>& answer) {
  if (!answer) return runtime::lease_failed{answer.error()};
  return runtime::lease_written{std::get<lease>(**answer)};
}

}  // namespace

// ---- one replica's part

candidate::candidate(world& around, replica& self)
    : world_(around), self_(self), fsm_(options_of(self.holder())) {}

void candidate::stand() {
  standing_ = true;
  step(runtime::lease_started{});
}

bool candidate::may_call() const {
  return fsm_.valid_for(world_.leases.time(world_.now), margin);
}

void candidate::release() {
  if (fsm_.role() == lease_role::lost) return self_.on_released();
  fsm_.release();
  if (waiting_) step(runtime::lease_wait_over{});
}

void candidate::plan(event_kind kind, time_point at) {
  world_.leases.plan({.at = at,
                      .kind = kind,
                      .replica = self_.index(),
                      .incarnation = self_.incarnation(),
                      .detail = ticket_});
}

void candidate::step(const lease_input& input) {
  const lease_role before = fsm_.role();
  const time_point now = world_.leases.time(world_.now);
  const runtime::lease_action next = fsm_.step(input, now, self_.clock(), world_.random.unit());
  ++ticket_;
  waiting_ = false;
  if (const auto* read = std::get_if<runtime::lease_read_action>(&next)) {
    ask(*read, read->timeout);
  } else if (const auto* create = std::get_if<runtime::lease_create_action>(&next)) {
    ask(*create, create->timeout);
  } else if (const auto* update = std::get_if<runtime::lease_update_action>(&next)) {
    ask(*update, update->timeout);
  } else if (const auto* wait = std::get_if<runtime::lease_wait_action>(&next)) {
    waiting_ = true;
    plan(event_kind::lease_due, std::max(wait->until, now));
    answer_ = runtime::lease_wait_over{};
  }
  tell_changes(before);
}

void candidate::ask(lease_request wanted, duration timeout) {
  asked_ = std::move(wanted);
  timeout_ = timeout;
  sent_at_ = world_.leases.time(world_.now);
  sent_by_our_clock_ = self_.clock();
  plan(event_kind::lease_arrives, sent_at_ + world_.request_latency());
}

void candidate::on_arrival(std::uint64_t ticket) {
  if (ticket != ticket_) return;
  lease_office& office = world_.leases;
  const time_point now = office.time(world_.now);
  const time_point reply_at = now + world_.request_latency();
  const bool is_read = std::holds_alternative<runtime::lease_read_action>(asked_);
  const auto what = is_read ? std::nullopt : office.take_fault();
  if (what && world_.tracing())
    world_.note("    " + self_.holder() + " writes the Lease   <- " + std::string(to_string(*what)));
  answered_at_ = world_.now;
  if (office.is_out(world_.now)) {
    answer_ = failed(api_errc::server_error, 500);
  } else if (what == fault::lease_conflict) {
    answer_ = failed(api_errc::conflict, 409);
  } else if (what == fault::lease_late) {
    world_.leases.plan({.at = sent_at_ + timeout_ + lateness,
                        .kind = event_kind::late_lease,
                        .subject = office.keep_late(asked_)});
    answer_ = failed(api_errc::timeout, 0);
    return plan(event_kind::lease_due, sent_at_ + timeout_);
  } else {
    answer_ = office.perform(world_, asked_);
    if (auto* read = std::get_if<runtime::lease_read>(&answer_))
      world_.bugs->on_lease(read->record, self_, world_);
    if (what == fault::lease_lost_reply) answer_ = failed(api_errc::connection_lost, 0);
    if (what == fault::lease_error) answer_ = failed(api_errc::server_error, 500);
  }
  plan(event_kind::lease_due, reply_at);
}

void candidate::on_due(std::uint64_t ticket) {
  if (ticket != ticket_) return;
  if (std::holds_alternative<runtime::lease_written>(answer_)) renewed_ = sent_by_our_clock_;
  step(lease_input(std::move(answer_)));
}

void candidate::tell_changes(lease_role before) {
  const lease_role after = fsm_.role();
  if (after == before) return;
  if (after == lease_role::leader && fsm_.leading(world_.leases.time(world_.now))) {
    world_.note(self_.holder() + " leads");
    // The Date header of the reply, in whole seconds.
    self_.on_led(std::chrono::floor<std::chrono::seconds>(answered_at_));
  } else if (after == lease_role::lost) {
    world_.note(self_.holder() + " has lost the Lease");
    self_.on_lost();
  } else if (after == lease_role::released) {
    self_.on_released();
  }
}

// ---- the Lease's side

std::optional<fault> lease_office::take_fault() {
  if (faults_.empty()) return std::nullopt;
  const fault first = faults_.front();
  faults_.pop_front();
  return first;
}

std::uint32_t lease_office::keep_late(lease_request wanted) {
  late_.push_back(std::move(wanted));
  return static_cast<std::uint32_t>(late_.size() - 1);
}

lease_input lease_office::perform(world& in, const lease_request& wanted) {
  auto& kube = in.all.kube;
  if (const auto* create = std::get_if<runtime::lease_create_action>(&wanted)) {
    lease record;
    record.meta.ns = lease_key().ns;
    record.meta.name = lease_key().name;
    record.spec = create->spec;
    return written(kube.create(kube_object(std::move(record)), in.now));
  }
  if (const auto* update = std::get_if<runtime::lease_update_action>(&wanted))
    return written(kube.update(kube_object(update->record), in.now));
  const auto found = kube.get(kube_kind::lease, lease_key());
  if (found) return runtime::lease_read{std::get<lease>(**found)};
  if (found.error().code == api_errc::not_found) return runtime::lease_absent{};
  return runtime::lease_failed{found.error()};
}

void lease_office::remove_by_hand(world& in) {
  by_hand_ = true;
  (void)in.all.kube.remove(kube_kind::lease, lease_key(), {}, in.now);
  by_hand_ = false;
}

void lease_office::on_change(const models::kube_change& change, time_point now) {
  if (by_hand_) touched_ = time(now);
  const std::string before = std::exchange(holder_, {});
  if (!change.after) return;
  const lease_spec& spec = std::get<lease>(*change.after).spec;
  holder_ = spec.holder;
  until_ = time(now) + spec.lease_duration;
  if (!holder_.empty() && holder_ != before) ++terms_;
}

void lease_office::on_call(world& in, const replica& by) const {
  const time_point now = time(in.now);
  if (touched_ && now < *touched_ + term) return;
  if (holder_ != by.holder())
    in.fail(by.holder() + " sends a call while the Lease is " +
            (holder_.empty() ? "nobody's" : holder_ + "'s"));
  else if (now + margin >= until_)
    in.fail(by.holder() + " sends a call when its Lease is about to end");
}

}  // namespace platformer::sim
