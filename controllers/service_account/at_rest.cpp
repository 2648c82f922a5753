#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {
namespace {

// The token works and all else is as the spec says, as far as is known: whatever was tried was either due by
// the schedule or a mere look.
bool is_at_rest(const snapshot& seen, const state& now, time_point at) {
  const secret_record& record = current_record(now);
  const condition* ready = find_condition(seen.object->status.conditions, "Ready");
  const bool was_ready = ready != nullptr && (ready->status || ready->reason == reason::renewal_overdue.name);
  const bool account_is_there =
      (!now.known.recorded && !now.known.listed) || view_accounts(seen, now).ours != nullptr;
  const bool fits = !now.known.update_refused && !now.known.unresolved;
  return was_ready && account_is_there && fits && is_in_sync(seen, now) && has_token(seen, now) &&
         view_secret(seen, now).owner == secret_owner::ours && !is_rejected(seen, now) &&
         state_of_operation(seen, now) != operation_state::in_doubt &&
         !is_unfinished(seen, now, mint_cause::recovery) && !is_unfinished(seen, now, mint_cause::adoption) &&
         open_renew_request(seen, now).empty() && !(record.expires_at && at >= *record.expires_at);
}

}  // namespace

void spare_ready(const snapshot& seen, state& now, time_point at) {
  conclusion& end = *now.end;
  const bool refused = end.view == outlook::stalled && end.why == &reason::console_rejected;
  if (seen.object->meta.deleted || (end.view != outlook::reconciling && !refused) || !end.write_status ||
      !is_at_rest(seen, now, at))
    return;
  const auto due = due_renewal(seen, now);
  end.about = aspect::none;
  if (due && at >= due->overdue_at) {
    end.message = "the renewal is overdue since " + format_rfc3339(due->at) + " (" +
                  std::string(end.why->name) + "): " + end.message;
    end.why = &reason::renewal_overdue;
    return;
  }
  end.keeps_ready = true;
  if (due && std::holds_alternative<finished>(end.next)) end.next = requeue_at{due->overdue_at};
}

}  // namespace platformer::accounts
