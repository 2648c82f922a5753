#include "tests/sim/world.hpp"

#include <algorithm>

#include "tests/sim/transcript.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr duration rest_span = hours(6) + minutes(10);  // longer than the longest distance of mintings
constexpr duration rest_limit = hours(72);

}  // namespace

world::world(const struct schedule& how, const mutant& wrapped)
    : random(how.seed), bugs(&wrapped), how_(how) {
  all.kube.set_listener([this](const models::kube_change& change) { stored(change); });
  all.console.set_listener(
      [this](const models::account_change& change) { watcher.on_change(*this, change); });
}

world::~world() {
  processes_.clear();
}

void world::fail(std::string what) {
  note("VIOLATION " + what);
  violations_.push_back(std::move(what));
}

void world::note(std::string line) {
  if (how_.trace) transcript_.push_back(stamp(now - start_of_time) + "  " + std::move(line));
}

duration world::request_latency() {
  return how_.wild ? random.between(milliseconds(1), milliseconds(20)) : milliseconds(1);
}

duration world::watch_latency() {
  const duration usual = how_.wild ? random.between(milliseconds(1), milliseconds(60)) : milliseconds(2);
  return now < stalled_until_ ? stalled_until_ - now + usual : usual;
}

runtime::watch_fsm_options world::watch_options() {
  runtime::watch_fsm_options options;
  options.streaming_list = false;
  // A stream that is opened every few minutes, for as long as everything rests, is most of what a schedule
  // does: some of them do.
  if (!how_.wild || how_.seed % 16 != 0) options.min_watch = options.max_watch = hours(24 * 30);
  return options;
}

void world::arm() {
  armed_ = true;
  points_ = 0;
  note("-- from here on requests are numbered");
}

void world::settle() {
  run_until(now + minutes(30), minutes(2));
}

void world::pass(duration span) {
  const time_point until = now + span;
  run_until(until, span + hours(1));
  now = std::max(now, until);
}

void world::come_to_rest() {
  settle();
  while (taken_ < how_.plan.size()) {
    const fault what = how_.plan[taken_++].what;
    if (is_request_fault(what)) ++doubts_;
    inject(what, processes_.empty() ? nullptr : processes_[leader()].runs.get());
    settle();
  }
  while (crowd.has_plans() && !failed()) {
    pass(minutes(15));
    crowd.finish(*this);
  }
  const time_point limit = now + rest_limit;
  run_until(limit, rest_span);
  if (now >= limit) fail("invariant 3: the operator does not come to rest");
  const auto most = looks_an_hour_ * static_cast<std::uint64_t>(rest_span / hours(1) + 1);
  if (looks_ > most) fail("the operator at rest makes " + std::to_string(looks_) + " looks");
}

// Until `limit`, or nothing was asked of the servers for `quiet`.
void world::run_until(time_point limit, duration quiet) {
  last_request_ = std::max(last_request_, now);
  const time_point begun = now;
  for (std::uint64_t count = 0;; ++count) {
    if (count > events_limit_) return fail("the world does not come to rest: too many events");
    const time_point end = std::min(limit, std::max(last_request_, begun) + quiet);
    const time_point next = events_.empty() ? time_point::max() : events_.next().at;
    if (!leases.idle()) let_election_sleep(std::min(next, end));
    const bool election_first = !leases.idle() && leases.next() < next;
    if ((election_first ? leases.next() : next) > end) {
      now = end;
      return;
    }
    if (election_first)
      carry_out_election(leases.pop());
    else
      carry_out(events_.pop());
    if (failed() && !how_.trace) return;
  }
}

replica* world::alive(const event& of) {
  if (of.replica >= processes_.size()) return nullptr;
  replica* found = processes_[of.replica].runs.get();
  return found != nullptr && found->incarnation() == of.incarnation ? found : nullptr;
}

void world::carry_out(const event& due) {
  now = std::max(now, due.at);
  replica* to = alive(due);
  const bool is_process = due.kind == event_kind::reply_arrives || due.kind == event_kind::feed_due ||
                          due.kind == event_kind::queue_due || due.kind == event_kind::end_due ||
                          due.kind == event_kind::process_ends;
  if (is_process && to != nullptr && is_stopped(due))
    return events_.postpone(due, processes_[due.replica].stopped_until);
  switch (due.kind) {
    case event_kind::request_arrives:
      if (to == nullptr) return;
      if (account_run* run = to->find_account_run(due.subject))
        return arrive(*to, *run,
                      due.detail == 0 ? std::nullopt : std::optional(static_cast<fault>(due.detail - 1)));
      if (connection_run* run = to->find_connection_run(due.subject))
        return arrive(*to, *run,
                      due.detail == 0 ? std::nullopt : std::optional(static_cast<fault>(due.detail - 1)));
      return;
    case event_kind::reply_arrives:
      if (to != nullptr) to->on_reply(due.subject);
      return;
    case event_kind::feed_due:
      if (to != nullptr) to->on_feed(due.subject, due.detail);
      return;
    case event_kind::queue_due:
      if (to != nullptr) to->on_queue_due();
      return;
    case event_kind::end_due:
      if (to != nullptr) to->on_end_due(due.subject != 0);
      return;
    case event_kind::start_replica:
      return start_process(due.replica);
    case event_kind::process_ends:
      if (to != nullptr) end_process(due.replica);
      return;
    case event_kind::late_commit:
      return carry_out_late(late_[due.subject]);
    case event_kind::lease_arrives:
    case event_kind::lease_due:
    case event_kind::late_lease:
      return;  // of the election's queue
    case event_kind::collect_garbage:
      garbage_planned_ = false;
      while (all.kube.collect_garbage(now)) {
      }
      return;
    case event_kind::act:
      return crowd.follow_up(*this);
  }
}

void world::stored(const models::kube_change& change) {
  watcher.on_change(*this, change);
  const models::kube_pointer& any = change.after ? change.after : change.before;
  const models::kube_kind kind = models::kind_of(*any);
  if (kind == models::kube_kind::lease) return leases.on_change(change, now);
  for (const process& each : processes_)
    if (each.runs) each.runs->poke(kind);
  const bool gone = kind == models::kube_kind::service_account && !change.after;
  const bool created = kind == models::kube_kind::secret && !change.before;
  if (kind == models::kube_kind::secret) crowd.on_secret(*this, change);
  if (gone) crowd.on_gone(*this, std::get<service_account>(*change.before));
  if ((!gone && !created) || garbage_planned_) return;
  garbage_planned_ = true;
  plan({.at = now + garbage_delay, .kind = event_kind::collect_garbage});
}

void world::refuse_secrets_until(time_point end) {
  watcher.refuse_secrets_between(now, end);
  all.kube.set_admission("quota", models::kube_kind::secret,
                         [this, end](const models::kube_object*, const models::kube_object* after) {
                           std::optional<api_error> refused;
                           if (after == nullptr || now >= end) return refused;
                           refused.emplace();
                           refused->code = api_errc::forbidden;
                           refused->http_status = 403;
                           refused->message = "exceeded quota";
                           return refused;
                         });
}

std::optional<fault> world::take_fault() {
  if (!armed_) return std::nullopt;
  const std::uint32_t point = points_++;
  if (taken_ >= how_.plan.size() || how_.plan[taken_].point > point) return std::nullopt;
  const fault what = how_.plan[taken_++].what;
  if (leaves_doubt(what)) ++doubts_;
  return what;
}

}  // namespace platformer::sim
