#include "controllers/service_account/step.hpp"

#include "controllers/service_account/absorb.hpp"
#include "controllers/service_account/budget.hpp"
#include "controllers/service_account/plan.hpp"
#include "controllers/service_account/status.hpp"
#include "model/names.hpp"

namespace platformer::accounts {
namespace {

// A warning the first time that a reason turns up; repetitions are in the condition.
void note_trouble(const service_account_status& from, const service_account_status& to, const conclusion& end,
                  std::vector<event_note>& events) {
  if (end.view == outlook::ready || end.keeps_ready || end.why == &reason::progressing ||
      end.why == &reason::suspended)
    return;
  const condition* before = find_condition(from.conditions, "Ready");
  const condition* after = find_condition(to.conditions, "Ready");
  if (before != nullptr && before->reason == after->reason && before->status == after->status) return;
  events.push_back({true, after->reason, "Reconcile", clean_message(after->message, 900)});
}

bool counts_as_failure(const conclusion& end) {
  return end.view != outlook::ready && end.write_status && std::holds_alternative<back_off>(end.next);
}

// What this run begins with, for as long as the process lives: annotation, finalizer and status may be wiped.
void remember_intent(const snapshot& seen, state& now, time_point at) {
  auto& last = now.remembered.last_intent;
  now.known.noted = decode_operation(seen.object->meta.annotation(names::operation_annotation));
  auto noted = now.known.noted;
  if (noted && (!last || (noted->revision >= last->revision && noted->id != last->id))) {
    if (last) noted->budget = stricter(noted->budget, last->budget, at);
    last = std::move(noted);
  }
  if (now.remembered.verified_at == time_point{}) now.remembered.verified_at = at;
  now.known.untouched = seen.provably_new && !last && !now.remembered.touched;
  if (!seen.provably_new) now.remembered.touched = true;
}

// What an earlier process found right need not be read again, as long as nobody has written to it since. That
// a status was forged shows at the next verification, which reads the contents.
void trust_earlier_check(const snapshot& seen, memory& remembered) {
  if (remembered.checked_generation != 0) return;
  const service_account_status& status = seen.object->status;
  const condition* ready = find_condition(status.conditions, "Ready");
  if (ready == nullptr || !ready->status || status.observed_generation != seen.object->meta.generation ||
      status.secret_name != seen.object->spec.secret.name)
    return;
  remembered.checked_secret_version = status.token.secret_version;
  remembered.checked_generation = status.observed_generation;
}

step_result finish(const snapshot& seen, state& now, time_point at, std::vector<event_note> events) {
  // What ended before its call leaves nothing in doubt.
  if (now.known.intent && !now.known.called) now.remembered.refused_id = now.known.intent->id;
  if (auto* retry = std::get_if<back_off>(&now.end->next))
    retry->holds_token = now.remembered.pending.has_value();
  if (!now.status_settled) {
    spare_ready(seen, now, at);
    const conclusion& end = *now.end;
    if (end.view == outlook::ready) now.remembered.failures = now.remembered.doubts = 0;
    if (counts_as_failure(end)) ++now.remembered.failures;
    if (end.write_status) {
      service_account_status to = derive_status(seen, now, at);
      if (is_worth_writing(seen.object->status, to)) {
        note_trouble(seen.object->status, to, end, events);
        request wanted = patch_status{key_of(seen.object->meta), object_version(seen, now),
                                      seen.object->status, std::move(to)};
        now.awaiting = wanted;
        return {std::move(wanted), std::move(events)};
      }
    }
    now.status_settled = true;
  }
  return {now.end->next, std::move(events)};
}

}  // namespace

state begin(memory remembered) {
  state fresh;
  fresh.remembered = std::move(remembered);
  return fresh;
}

step_result step(const snapshot& seen, state& now, const response& reply, time_point at) {
  std::vector<event_note> events;
  if (!now.awaiting) {
    remember_intent(seen, now, at);
    trust_earlier_check(seen, now.remembered);
    read_records(seen, now);
  } else {
    const request asked = std::move(*now.awaiting);
    now.awaiting.reset();
    if (const auto* error = std::get_if<api_error>(&reply))
      absorb_error(seen, now, asked, *error, at);
    else
      absorb(seen, now, asked, reply, at, events);
    // The object is free; there is nothing left to say about it.
    if (std::holds_alternative<remove_finalizer>(asked) && !now.end)
      conclude(now, {.why = &reason::deleted, .write_status = false});
  }
  if (!now.end) {
    if (planned wanted = plan(seen, now, at)) {
      if (std::holds_alternative<create_account>(*wanted) || std::holds_alternative<renew_token>(*wanted)) {
        now.known.called = true;
        now.remembered.refused_id.clear();
      }
      now.awaiting = *wanted;
      return {std::move(*wanted), std::move(events)};
    }
  }
  return finish(seen, now, at, std::move(events));
}

}  // namespace platformer::accounts
