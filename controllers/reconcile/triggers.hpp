// Which keys a change in the caches queues.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "controllers/reconcile/knowledge.hpp"
#include "controllers/reconcile/work_key.hpp"
#include "runtime/store_sink.hpp"
#include "runtime/work_queue_types.hpp"

namespace platformer::controllers {

using enqueue_function = std::function<void(const work_key&, runtime::queue_priority)>;

// The change has been made in `known` already. Memories of objects that are gone are forgotten.
void on_change(knowledge& known, const runtime::store_change<service_account>& change,
               runtime::change_source source, const enqueue_function& enqueue);
void on_change(knowledge& known, const runtime::store_change<console_connection>& change,
               runtime::change_source source, const enqueue_function& enqueue);
void on_change(knowledge& known, const runtime::store_change<secret_meta>& change,
               runtime::change_source source, const enqueue_function& enqueue);

// A namespace's labels decide whether a ClusterConsoleConnection may be used from it.
void on_change(knowledge& known, const runtime::store_change<namespace_meta>& change,
               runtime::change_source source, const enqueue_function& enqueue);

// The Secrets that connections of the caches name.
std::set<object_key> credential_secrets(const knowledge& known);
// The watch of such a Secret told its version, "" when there is none: queues the connections that name it if
// that is new.
void on_credential(knowledge& known, const object_key& secret, const std::string& version,
                   const enqueue_function& enqueue);

// A connection as a write of ours left it. Whether ServiceAccounts use it may have changed since the write
// was decided on, and then its finalizer has to follow: no watch event tells of it any more.
void note_write(knowledge& known, console_connection written, const enqueue_function& enqueue);

// After a reconcile of a connection that ServiceAccounts saw as `before` when it began: queues them when what
// they see has changed. Deletions first, then renewals that people ask for, then what is not at rest; those
// at rest come after everything else. While calls are blocked nobody is queued: who needs one ends by itself.
void tell_accounts(knowledge& known, const object_key& connection, accounts::connection_view::standing before,
                   const enqueue_function& enqueue);

}  // namespace platformer::controllers
