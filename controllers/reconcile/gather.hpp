// Snapshots from the stores and the live connections.
#pragma once

#include <optional>

#include "controllers/console_connection/step.hpp"
#include "controllers/reconcile/knowledge.hpp"
#include "controllers/service_account/snapshot.hpp"

namespace platformer::controllers {

// nullopt: the object is gone.
std::optional<accounts::snapshot> gather_account(const knowledge& known, const object_key& key,
                                                 std::string operation_id);
std::optional<connections::snapshot> gather_connection(const knowledge& known, const object_key& key);

}  // namespace platformer::controllers
