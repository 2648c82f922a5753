#include "controllers/reconcile/orphans.hpp"

#include <utility>

#include "model/marker.hpp"

namespace platformer::controllers {
namespace {

bool is_ours_to_judge(const knowledge& known, const object_key& connection, const marker& mark) {
  if (known.scope.selects_objects || mark.cluster != known.cluster_id) return false;
  return connection.ns.empty() ? known.scope.covers(mark.ns) : mark.ns == connection.ns;
}

}  // namespace

void note_orphans(knowledge& known, const object_key& connection, const std::vector<account>& listed,
                  time_point now) {
  live_connection& live = known.registry.at(connection);
  const auto before = std::exchange(live.orphans, {});
  live.orphaned_names.clear();
  for (const account& each : listed) {
    const auto mark = find_marker(each.description);
    if (!mark || !is_ours_to_judge(known, connection, *mark)) continue;
    const auto* object = known.service_accounts.find_kept({mark->ns, mark->name});
    if (object != nullptr && outline_of(*object).uid == mark->uid) continue;
    orphan found{.name = each.name,
                 .project_id = each.project_id,
                 .since = now,
                 .replaced = object != nullptr,
                 .looks = 1};
    if (const auto known_one = before.find(each.id); known_one != before.end()) {
      found.since = std::min(known_one->second.since, now);
      found.looks = known_one->second.looks + 1;
    }
    live.orphans.emplace(each.id, std::move(found));
    live.orphaned_names.insert({mark->ns, mark->name});
  }
}

std::vector<connections::orphaned_account> orphans_of(const live_connection& live) {
  std::vector<connections::orphaned_account> all;
  for (const auto& [id, each] : live.orphans)
    if (each.looks >= orphan::looks_needed)
      all.push_back({id, each.name, each.project_id, each.since, each.replaced});
  return all;
}

}  // namespace platformer::controllers
