// The look at all accounts that a connection takes once an interval: one listing, which the accounts share.
#include <algorithm>

#include "controllers/console_connection/plan.hpp"

namespace platformer::connections {
namespace {

// Deleting what cannot be brought back: only what was seen without its object for long, and whose name no
// other object has taken, as that one may take the account over.
const orphaned_account* next_to_delete(const snapshot& seen, const state& now, time_point at) {
  if (seen.object.spec.orphans != orphan_policy::remove || now.orphans_deleted >= orphans_deleted_at_most)
    return nullptr;
  const auto found = std::find_if(
      now.orphans->begin(), now.orphans->end(),
      [&](const orphaned_account& each) { return !each.replaced && at - each.since >= orphan_age; });
  return found == now.orphans->end() ? nullptr : &*found;
}

// The spec was changed since the client in use was made: what it allows may be less now.
bool spec_changed(const snapshot& seen, const state& now) {
  return now.installed && seen.has_client &&
         seen.object.status.observed_generation != seen.object.meta.generation;
}

}  // namespace

std::optional<request> plan_look(const snapshot& seen, state& now, time_point at) {
  if (seen.tokens_refused_until && !now.refusals_forgotten &&
      at >= *seen.tokens_refused_until + refusal_grace)
    return forget_refusals{};
  const bool due = (seen.check_due && at >= *seen.check_due) || spec_changed(seen, now);
  if (!due && !now.looked) return std::nullopt;
  if (!now.looked) return begin_look{at, at + seen.object.spec.interval};
  if (now.inventory_ended) return std::nullopt;
  if (!now.orphans) return list_orphans{*now.looked};
  if (const orphaned_account* gone = next_to_delete(seen, now, at))
    return delete_orphan{gone->id, gone->project_id};
  return std::nullopt;
}

}  // namespace platformer::connections
