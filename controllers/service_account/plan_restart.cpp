// Workloads that read the token when they start are restarted after it has changed: once for all changes of
// ten seconds, and never because the operator was.
#include <algorithm>

#include "controllers/service_account/plan.hpp"

namespace platformer::accounts {
namespace {

// The revisions were gathered from the caches, which may lag behind what this run has read or written. Then
// they will tell, and another run comes.
bool shows_last_token(const snapshot& seen, const state& now) {
  const std::int64_t noted = seen.secret ? read_record(seen.secret->meta).revision : 0;
  return std::max(noted, seen.object->status.token.revision) == current_record(now).revision;
}

bool wants_restart(const snapshot& seen, const state& now) {
  const std::int64_t revision = current_record(now).revision;
  // Nothing can have started with the token before the first.
  return !seen.restarts.empty() && !now.known.restarts_done && revision > 1 &&
         revision > seen.object->status.restarted_revision &&
         view_secret(seen, now).owner == secret_owner::ours &&
         (now.known.committed || shows_last_token(seen, now));
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
  // The revisions that were gathered are those from before this run's own token: the next run has it.
  if (!due || at < *due || now.known.committed) return std::nullopt;
  // Of a token that an earlier process wrote, the cache of a process that begins may show an older one.
  if (!now.known.secret && now.remembered.committed_revision != current_record(now).revision)
    return read_secret{seen.secret_key()};
  if (now.known.restarted < seen.restarts.size()) {
    const workload_restart& next = seen.restarts[now.known.restarted];
    return restart_workload{{seen.object->meta.ns, next.target.name}, next.target.kind, next.revisions};
  }
  now.known.restarts_done = true;
  return std::nullopt;
}

}  // namespace platformer::accounts
