// Strategy Replace: the account that was replaced lives on for a while, so that consumers can change over
// without a moment in which no token works.
#include <algorithm>

#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {

std::optional<time_point> overlap_end(const snapshot& seen, const state& now) {
  const secret_record& record = current_record(now);
  if (record.previous_account_id.empty()) return std::nullopt;
  // The notes may be edited: no longer than the spec says.
  const time_point longest = record.issued_at.value_or(time_point{}) + seen.object->spec.token.overlap;
  return std::min(record.previous_until.value_or(longest), longest);
}

bool overlap_is_over(const snapshot& seen, const state& now, time_point at) {
  const auto end = overlap_end(seen, now);
  if (!end) return false;
  const auto due = due_renewal(seen, now);
  // Another renewal ends it first: there are never three accounts.
  return at >= *end || (due && at >= due->at) || !open_renew_request(seen, now).empty();
}

// By its ID: what a listing lacks may be there all the same, and would be forgotten with its note.
planned learn_replaced(const snapshot& seen, const state& now) {
  const std::string& id = current_record(now).previous_account_id;
  const auto& deleted = now.known.deleted_accounts;
  if (id.empty() || now.known.replaced || view_accounts(seen, now).previous != nullptr ||
      std::find(deleted.begin(), deleted.end(), id) != deleted.end())
    return std::nullopt;
  return read_account{id, project_id(seen, now)};
}

planned end_overlap(const snapshot& seen, state& now, time_point at) {
  if (now.known.overlap_over || !overlap_is_over(seen, now, at)) return std::nullopt;
  if (auto next = learn_replaced(seen, now)) return next;
  // Its ID stands in notes that others can write: only the marker makes it ours to delete.
  if (const account* previous = view_accounts(seen, now).previous)
    return delete_confirmed(seen, now, *previous);
  now.known.overlap_over = true;
  return std::nullopt;
}

void settle_for_another(const snapshot& seen, state& now) {
  const operation* op = current_operation(now);
  const account* ours = view_accounts(seen, now).ours;
  if (op == nullptr || ours == nullptr || !has_token(seen, now)) return;
  const bool creates = op->kind == operation_kind::create;
  const bool is_open = state_of_operation(seen, now) == operation_state::in_doubt ||
                       is_unfinished(seen, now, mint_cause::recovery) ||
                       is_unfinished(seen, now, mint_cause::adoption);
  if (!is_open || !(creates || (!op->account.empty() && op->account != ours->id))) return;
  operation settled = *op;
  settled.kind = operation_kind::create;
  settled.after_doubt = true;
  now.remembered.refused_id = settled.id;
  now.remembered.last_intent = std::move(settled);
}

}  // namespace platformer::accounts
