#include "controllers/reconcile/restarts.hpp"

#include <algorithm>

#include "controllers/service_account/secret_record.hpp"
#include "model/operation.hpp"

namespace platformer::controllers {
namespace {

std::string term_of(const std::string& ns, const restart_target& target) {
  return ns + "/" + std::string(to_string(target.kind)) + "/" + target.name;
}

}  // namespace

runtime::index_terms workload_terms(const service_account& object) {
  runtime::index_terms terms;
  for (const restart_target& each : object.spec.restart_targets)
    terms.insert(term_of(object.meta.ns, each));
  return terms;
}

std::vector<accounts::workload_restart> gather_restarts(const knowledge& known,
                                                        const service_account& object) {
  std::vector<accounts::workload_restart> wanted;
  for (const restart_target& target : object.spec.restart_targets) {
    accounts::workload_restart restart{.target = target, .revisions = {}, .changed_at = {}};
    std::vector<std::string> revisions;
    for (const object_key& key : known.service_accounts.find(by_workload, term_of(object.meta.ns, target))) {
      const auto other = known.service_accounts.get(key);
      const auto secret = other ? known.secrets.get({key.ns, other->spec.secret.name}) : nullptr;
      if (!secret) continue;
      const accounts::secret_record record = accounts::read_record(secret->meta);
      revisions.push_back(secret->meta.name + "=" + std::to_string(record.revision));
      if (record.issued_at) restart.changed_at = std::max(restart.changed_at, *record.issued_at);
    }
    std::sort(revisions.begin(), revisions.end());
    std::string text;
    for (const std::string& each : revisions)
      text.append(each).append("\n");
    restart.revisions = renew_hash(text);
    wanted.push_back(std::move(restart));
  }
  return wanted;
}

}  // namespace platformer::controllers
