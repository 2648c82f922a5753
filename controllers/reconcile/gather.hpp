// Snapshots from the stores and the live connections.
#pragma once

#include <optional>

#include "controllers/console_connection/step.hpp"
#include "controllers/reconcile/knowledge.hpp"
#include "controllers/service_account/snapshot.hpp"

namespace platformer::controllers {

// nullopt: the object is gone; or this process has never looked at it, and the first attempt at its
// connection, which queues it, has not ended yet. A fleet's start need not look at each twice.
std::optional<accounts::snapshot> gather_account(knowledge& known, const object_key& key,
                                                 std::string operation_id);
// Whether the connection still allows what it did when `seen` was gathered: asked before each call that
// changes something. What is being deleted is let go of whatever is allowed by now.
bool still_allows(const knowledge& known, const accounts::snapshot& seen);

// Pauses of its calls that are over by `now` end with it. `operation_id`: for an operation that begins in
// this run.
std::optional<connections::snapshot> gather_connection(const knowledge& known, const object_key& key,
                                                       time_point now, std::string operation_id = {});

}  // namespace platformer::controllers
