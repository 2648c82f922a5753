// One request of the operator on its way to a server and back, with what goes wrong there.
#include "model/names.hpp"
#include "tests/sim/transcript.hpp"
#include "tests/sim/world.hpp"

namespace platformer::sim {
namespace {

using std::chrono::seconds;

constexpr duration kubernetes_deadline = seconds(15);
constexpr duration console_deadline = seconds(30);
// A call that nobody waits for any more is carried out so much later: before its outcome is looked up.
constexpr duration lateness = seconds(8);
// … and so much later: after that.
constexpr duration great_lateness = seconds(60);
// A connection settles a doubt a minute later at the earliest.
constexpr duration great_lateness_of_connection = seconds(75);
constexpr duration after_death = seconds(25);  // less than the deadline
constexpr duration before_sending = seconds(20);
constexpr duration throttle = seconds(7);

api_error error_of(api_errc code, int status) {
  api_error error;
  error.code = code;
  error.http_status = status;
  error.message = "injected";
  return error;
}

// The refusal that a server would give; nullopt: the fault is another kind of trouble.
std::optional<api_error> refusal_of(fault what, bool creates) {
  if (what == fault::conflict) return error_of(creates ? api_errc::already_exists : api_errc::conflict, 409);
  if (what == fault::forbidden) return error_of(api_errc::forbidden, 403);
  if (what == fault::invalid) return error_of(api_errc::invalid, 422);
  if (what == fault::error_before) return error_of(api_errc::server_error, 500);
  if (what == fault::lost_request) return error_of(api_errc::connection_lost, 0);
  if (what != fault::throttled) return std::nullopt;
  api_error error = error_of(api_errc::rate_limited, 429);
  error.retry_after = throttle;
  return error;
}

bool creates(const accounts::request& wanted) {
  const auto* write = std::get_if<accounts::write_secret>(&wanted);
  return std::holds_alternative<accounts::create_account>(wanted) ||
         (write != nullptr && write->write.creates());
}
bool creates(const connections::request&) {
  return false;
}

}  // namespace

actor world::actor_of(const account_run& run) const {
  actor who;
  who.object = run.key;
  who.uid = run.seen.object->meta.uid;
  who.adoption = run.seen.object->spec.adoption;
  who.account_name = run.seen.object->spec.account_name;
  if (const auto& read = run.now.known.secret)
    who.secret_version = *read ? (*read)->meta.resource_version : "";
  else if (run.seen.secret)
    who.secret_version = run.seen.secret->meta.resource_version;
  who.renew = run.seen.object->meta.annotation(names::renew_annotation);
  who.began_at = run.began_at;
  who.deeds_before = run.deeds_before;
  if (run.now.known.intent) {
    who.intent_id = run.now.known.intent->id;
    who.cause = run.now.known.intent->cause;
    if (who.cause == mint_cause::adoption) who.roles = run.seen.object->spec.own.permissions;
  }
  who.preflight = run.preflight;
  return who;
}

void world::on_events(const account_run& run, const std::vector<accounts::event_note>& notes) {
  for (const accounts::event_note& each : notes) {
    watcher.on_note(*this, each.note);
    if (tracing()) note(run.key.name + ": event " + each.reason + ": " + each.note);
  }
}

void world::on_end(const account_run& run) {
  if (tracing()) note(run.key.name + ": " + describe_end(run.now));
}

void world::send(replica& from, account_run& run) {
  transmit(from, run);
}
void world::send(replica& from, connection_run& run) {
  transmit(from, run);
}

template <class Run>
void world::transmit(replica& from, Run& run) {
  if (operator_looks() && is_look(*run.wanted)) {
    ++looks_;
  } else {
    last_request_ = now;
    looks_ = 0;
  }
  ++requests_;
  watcher.on_request(*this);
  run.sent_at = from.clock();
  const auto what = take_fault();
  if (tracing())
    note(from.holder() + " " + run.key.name + " #" + (armed_ ? std::to_string(points_ - 1) : "-") + " " +
         describe(*run.wanted) + (what ? "   <- " + std::string(to_string(*what)) : ""));
  const bool stopped = what == fault::stop_before;
  if (stopped) stop(from.index(), before_sending);
  plan({.at = now + request_latency() + (stopped ? before_sending : duration{0}),
        .kind = event_kind::request_arrives,
        .replica = from.index(),
        .incarnation = from.incarnation(),
        .subject = run.number,
        .detail = what ? static_cast<std::uint64_t>(*what) + 1 : 0});
}

// A Console that does not answer is probed every 30 s, and no more is asked of it; each process has to find
// out for itself.
void world::judge_outage() {
  constexpr duration finding_out = std::chrono::minutes(1);
  constexpr std::uint64_t a_process = 16;
  if (now < console_down_from_ + finding_out) return;
  ++calls_in_outage_;
  const auto probes = static_cast<std::uint64_t>((now - console_down_from_ - finding_out) / seconds(30)) + 2;
  // A fault may look like an answer.
  if (calls_in_outage_ > probes + a_process * (incarnations_ - starts_before_outage_ + taken_))
    fail("the Console is called too often while it does not answer");
}

template <class Run>
void world::answer_with(replica& at, Run& run, api_error error, time_point when) {
  run.answer = {std::move(error), nullptr};
  plan({.at = when,
        .kind = event_kind::reply_arrives,
        .replica = at.index(),
        .incarnation = at.incarnation(),
        .subject = run.number});
}

template <class Run>
void world::postpone(const Run& run, std::optional<actor> who, time_point until) {
  if (who) who->late = true;
  late_.push_back({*run.wanted, run.who, std::move(who), now + console_deadline});
  plan({.at = until,
        .kind = event_kind::late_commit,
        .subject = static_cast<std::uint32_t>(late_.size() - 1)});
}

template <class Run>
void world::arrive(replica& at, Run& run, std::optional<fault> what) {
  constexpr bool of_account = std::is_same_v<Run, account_run>;
  const time_point reply_at = now + request_latency();
  if (what == fault::crash_before) return crash(at);
  if (what && !is_request_fault(*what)) inject(*what, &at);
  if (what)
    if (auto refused = refusal_of(*what, creates(*run.wanted)))
      return answer_with(at, run, std::move(*refused), reply_at);
  if (is_console(*run.wanted)) watcher.on_call(*this, run.key, run.began_at);
  if (now < console_down_until_ && is_console(*run.wanted)) {
    judge_outage();
    if constexpr (of_account) {
      if (mints(*run.wanted)) ++doubts_;
    }
    return answer_with(at, run, error_of(api_errc::server_error, 503), reply_at);
  }
  std::optional<actor> who;
  if constexpr (of_account) {
    who = actor_of(run);
    who->due_at = now + console_deadline - (what == fault::stop_before ? before_sending : duration{0});
  }
  if (what == fault::crash_late) {
    postpone(run, std::move(who), now + after_death);
    return crash(at);
  }
  if (what == fault::late || what == fault::very_late) {
    const time_point deadline = now + (is_console(*run.wanted) ? console_deadline : kubernetes_deadline);
    const duration great = of_account ? great_lateness : great_lateness_of_connection;
    postpone(run, std::move(who), deadline + (what == fault::late ? lateness : great));
    return answer_with(at, run, error_of(api_errc::timeout, 0), deadline);
  }
  if constexpr (of_account) {
    who->late = what == fault::stop_before && !is_noted(*who);
    watcher.set_actor(&*who);
  }
  run.answer = all.perform(*run.wanted, run.who, now);
  watcher.set_actor(nullptr);
  if constexpr (of_account) {
    if (std::holds_alternative<accounts::dry_run_passed>(run.answer.reply)) run.preflight = true;
    if (who->late) on_unnoticed(*who, run.answer.reply);
    if (what == fault::stop_before) on_late_change(*run.wanted, *who);
  }
  if (tracing()) note("    " + at.holder() + " " + run.key.name + " = " + describe(run.answer.reply));
  if (what == fault::crash_after) return crash(at);
  if (what == fault::lost_reply)
    return answer_with(at, run, error_of(api_errc::connection_lost, 0), reply_at);
  if (what == fault::error_after)
    return answer_with(at, run, error_of(api_errc::server_error, 500), reply_at);
  if (what == fault::garbled) return answer_with(at, run, error_of(api_errc::malformed, 200), reply_at);
  plan({.at = reply_at,
        .kind = event_kind::reply_arrives,
        .replica = at.index(),
        .incarnation = at.incarnation(),
        .subject = run.number});
}

template void world::arrive(replica& at, account_run& run, std::optional<fault> what);
template void world::arrive(replica& at, connection_run& run, std::optional<fault> what);

}  // namespace platformer::sim
