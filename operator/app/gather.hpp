// Snapshots from the stores and the live connections.
#pragma once

#include <optional>

#include "app/world.hpp"
#include "controllers/console_connection/step.hpp"
#include "controllers/service_account/snapshot.hpp"

namespace platformer::app {

// nullopt: the object is gone.
std::optional<accounts::snapshot> gather_account(const world& in, const object_key& key,
                                                 std::string operation_id);
std::optional<connections::snapshot> gather_connection(const world& in, const object_key& key);

}  // namespace platformer::app
