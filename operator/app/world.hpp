// What the controllers share: the stores, the client, the live connections, and how to report.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "app/connection_registry.hpp"
#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "app/work_key.hpp"
#include "kube/event_recorder.hpp"
#include "kube/kube_client.hpp"
#include "model/console_connection.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"
#include "runtime/store.hpp"

namespace platformer::app {

// Names of the stores' indexes.
inline constexpr std::string_view by_connection = "connection";  // ServiceAccounts; term: namespace/name
inline constexpr std::string_view by_owner = "owner";  // Secrets; term: UID of the controlling ServiceAccount

struct world {
  boost::asio::any_io_executor executor;
  std::function<time_point()> clock;
  std::shared_ptr<kube::kube_client> kube;
  std::string cluster_id;
  std::string holder;  // this process, in intents and events

  runtime::store<service_account> service_accounts;
  runtime::store<console_connection> connections;
  runtime::store<secret_meta> secrets;
  // When the first list of ServiceAccounts was answered, by the apiserver's clock: what was created later is
  // new.
  std::optional<time_point> watching_since;

  connection_registry registry;
  std::unordered_map<std::string, accounts::memory> memories;  // by the object's UID

  kube::event_recorder* events = nullptr;
  metrics* meters = nullptr;
  logger* log = nullptr;
  // Set by the manager, alive as long as anything runs.
  std::function<void(const work_key&)> enqueue;  // now, with normal priority
  bool draining = false;                         // shutting down: nothing new is begun

  explicit world(const std::vector<std::string>& namespaces);
};

// The connection that a ServiceAccount refers to.
inline object_key connection_of(const service_account& object) {
  return {object.meta.ns, object.spec.connection};
}

}  // namespace platformer::app
