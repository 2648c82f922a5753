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
      if (!other) continue;
      const auto secret = known.secrets.get({key.ns, other->spec.secret.name});
      const auto record = secret ? accounts::read_record(secret->meta) : accounts::secret_record();
      const token_status& told = other->status.token;
      // A Secret that moves, was lost or comes from a backup is no new token.
      const std::int64_t revision = std::max(record.revision, told.revision);
      if (revision == 0) continue;
      revisions.push_back(key.name + "=" + std::to_string(revision));
      if (const auto issued = secret ? record.issued_at : told.issued_at)
        restart.changed_at = std::max(restart.changed_at, *issued);
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
