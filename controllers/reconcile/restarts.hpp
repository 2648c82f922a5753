// Which workloads an object wants restarted, and the revisions that they are to have seen.
#pragma once

#include <vector>

#include "controllers/reconcile/knowledge.hpp"

namespace platformer::controllers {

// "namespace/Kind/name" of each workload in spec.rolloutRestartTargets: the terms of the index by_workload.
runtime::index_terms workload_terms(const service_account& object);

// For accounts::snapshot::restarts. The revisions are those of the tokens of all objects that name the
// workload, so that it restarts for each of them, and once where several have changed.
std::vector<accounts::workload_restart> gather_restarts(const knowledge& known,
                                                        const service_account& object);

}  // namespace platformer::controllers
