// Workloads that read the token when they start are restarted after it has changed: once for all changes of
// ten seconds, and never because the operator was.
#include <algorithm>

#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {
namespace {

bool wants_restart(const snapshot& seen, const state& now) {
  const std::int64_t revision = current_record(now).revision;
  // Nothing can have started with the token before the first.
  return !seen.restarts.empty() && !now.known.restarts_done && revision > 1 &&
         revision > seen.object.status.restarted_revision &&
         view_secret(seen, now).owner == secret_owner::ours;
}

}  // namespace

std::optional<time_point> restart_time(const snapshot& seen, const state& now) {
  if (!wants_restart(seen, now)) return std::nullopt;
  time_point latest = current_record(now).issued_at.value_or(time_point{});
  for (const workload_restart& each : seen.restarts)
    latest = std::max(latest, each.changed_at);
  return std::chrono::ceil<std::chrono::seconds>(latest + restart_gathering);
}

planned restart_consumers(const snapshot& seen, state& now, time_point at) {
  const auto due = restart_time(seen, now);
  if (!due || at < *due) return std::nullopt;
  if (now.known.restarted < seen.restarts.size()) {
    const workload_restart& next = seen.restarts[now.known.restarted];
    return restart_workload{{seen.object.meta.ns, next.target.name}, next.target.kind, next.revisions};
  }
  now.known.restarts_done = true;
  return std::nullopt;
}

}  // namespace platformer::accounts
