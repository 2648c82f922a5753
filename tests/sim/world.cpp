#include "tests/sim/world.hpp"

#include <algorithm>

#include "model/operation.hpp"
#include "tests/sim/transcript.hpp"

namespace platformer::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr duration restart_pause = seconds(1);
constexpr duration stop_pause = seconds(20);  // of a process that is stopped and continued
constexpr duration stall_pause = seconds(5);
constexpr duration garbage_delay = seconds(1);
constexpr duration rest_span = hours(6) + minutes(10);  // longer than the longest distance of mintings
constexpr duration rest_limit = hours(72);
constexpr std::uint64_t events_limit = 200'000;

}  // namespace

world::world(const struct schedule& how, const mutant& wrapped)
    : random(how.seed), bugs(&wrapped), how_(how) {
  all.kube.set_listener([this](const models::kube_change& change) { stored(change); });
  all.console.set_listener(
      [this](const models::account_change& change) { watcher.on_change(*this, change); });
}

world::~world() {
  replicas_.clear();
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
  if (!how_.wild) options.min_watch = options.max_watch = hours(24 * 30);
  return options;
}

void world::start_operator() {
  const auto index = static_cast<std::uint8_t>(replicas_.size());
  replicas_.emplace_back();
  paused_until_.push_back(now);
  plan({.at = now, .kind = event_kind::start_replica, .replica = index});
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
    inject(what, replicas_.empty() ? nullptr : replicas_.front().get());
    settle();
  }
  while (crowd.has_plans() && !failed()) {
    pass(minutes(15));
    crowd.finish(*this);
  }
  const time_point limit = now + rest_limit;
  run_until(limit, rest_span);
  if (now >= limit) fail("invariant 3: the operator does not come to rest");
}

// Until `limit`, or nothing was asked of the servers for `quiet`.
void world::run_until(time_point limit, duration quiet) {
  last_request_ = std::max(last_request_, now);
  const time_point begun = now;
  for (std::uint64_t count = 0; !events_.empty(); ++count) {
    if (count > events_limit) return fail("the world does not come to rest: too many events");
    const time_point next = events_.next().at;
    const time_point calm = std::max(last_request_, begun) + quiet;
    if (next > std::min(limit, calm)) {
      now = std::min(limit, calm);
      return;
    }
    carry_out(events_.pop());
    if (failed() && !how_.trace) return;
  }
  now = std::min(limit, std::max(last_request_, begun) + quiet);
}

replica* world::alive(const event& of) {
  if (of.replica >= replicas_.size()) return nullptr;
  replica* found = replicas_[of.replica].get();
  return found != nullptr && found->incarnation() == of.incarnation ? found : nullptr;
}

void world::carry_out(const event& due) {
  now = std::max(now, due.at);
  replica* to = alive(due);
  const bool is_process = due.kind == event_kind::reply_arrives || due.kind == event_kind::feed_due ||
                          due.kind == event_kind::queue_due || due.kind == event_kind::lease_due;
  if (is_process && to != nullptr && paused_until_[due.replica] > now)
    return events_.postpone(due, paused_until_[due.replica]);
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
    case event_kind::lease_due:
    case event_kind::resume:
      return;
    case event_kind::start_replica:
      replicas_[due.replica] = std::make_unique<replica>(*this, due.replica, ++incarnations_);
      note(replicas_[due.replica]->holder() + " starts");
      return replicas_[due.replica]->start();
    case event_kind::late_commit: {
      const late_request& late = late_[due.subject];
      watcher.set_actor(&late.on_behalf);
      note("late: " + describe(late.wanted) + " is carried out");
      (void)all.perform(late.wanted, late.who, now);
      watcher.set_actor(nullptr);
      // It may have undone a later one: the next look at the Console shows it, for which somebody asks.
      if (std::holds_alternative<accounts::update_account>(late.wanted)) {
        crowd.look_later(*this);
        crowd.abandon_if_gone(*this, late.on_behalf.uid);
      }
      return;
    }
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
  for (const auto& each : replicas_)
    if (each) each->poke(kind);
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

void world::crash(replica& victim) {
  note(victim.holder() + " dies");
  doubts_ += victim.account_runs();  // each reconcile under way may have made a call
  const std::uint8_t index = victim.index();
  replicas_[index].reset();
  const duration pause = how_.wild ? random.between(milliseconds(200), minutes(2)) : restart_pause;
  plan({.at = now + pause, .kind = event_kind::start_replica, .replica = index});
}

// What is not about a single request.
void world::inject(fault what, replica* at) {
  note("fault: " + std::string(to_string(what)));
  if (is_act(what)) return crowd.act(*this, what);
  if (what == fault::watch_stall) {
    stalled_until_ = now + stall_pause;
  } else if (what == fault::pause) {
    if (at != nullptr) paused_until_[at->index()] = now + stop_pause;
  } else if (is_request_fault(what)) {
    if (at != nullptr) crash(*at);  // at rest there is no request to hit: the process dies
  } else {
    break_watches(what);
  }
}

void world::break_watches(fault how) {
  for (const auto& each : replicas_)
    if (each) each->break_streams();
  if (how == fault::watch_drop) return;
  // A list that lags behind can only be answered from what is still there.
  const models::kube_version behind = how == fault::watch_relist ? 3 : 0;
  const models::kube_version upto = std::max(all.kube.version(), behind + 1) - behind;
  lagging_ = behind == 0 ? 0 : upto;
  // A process that starts from an old list and dies soon may leave an account as an earlier spec had it.
  if (behind != 0) crowd.look_later(*this);
  all.kube.compact(upto);
}

}  // namespace platformer::sim
