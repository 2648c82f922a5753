// Which keys a change in the caches queues.
#pragma once

#include <functional>

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

// A connection as a write of ours left it. Whether ServiceAccounts use it may have changed since the write
// was decided on, and then its finalizer has to follow: no watch event tells of it any more.
void note_write(knowledge& known, console_connection written, const enqueue_function& enqueue);

// After a reconcile of a connection that ServiceAccounts saw as `before` when it began: queues them when they
// see it in another standing now.
void tell_accounts(knowledge& known, const object_key& connection, accounts::connection_view::standing before,
                   const enqueue_function& enqueue);

}  // namespace platformer::controllers
