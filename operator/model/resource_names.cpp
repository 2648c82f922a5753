// Enumerations and references as people and Kubernetes spell them.
#include "model/console_connection.hpp"
#include "model/names.hpp"
#include "model/service_account.hpp"

namespace platformer {
namespace {

std::string title(connection_kind kind, const object_key& key) {
  return std::string(to_string(kind)) + " " + key.to_string();
}

}  // namespace

std::string_view to_string(workload_kind kind) {
  switch (kind) {
    case workload_kind::deployment:
      return "Deployment";
    case workload_kind::stateful_set:
      return "StatefulSet";
    case workload_kind::daemon_set:
      return "DaemonSet";
    case workload_kind::rollout:
      return "Rollout";
  }
  return "";
}

std::string_view to_string(connection_kind kind) {
  return kind == connection_kind::cluster ? names::cluster_console_connection_kind
                                          : names::console_connection_kind;
}

std::string_view to_string(secret_type type) {
  switch (type) {
    case secret_type::opaque:
      return "Opaque";
    case secret_type::docker_config:
      return "kubernetes.io/dockerconfigjson";
    case secret_type::basic_auth:
      return "kubernetes.io/basic-auth";
  }
  return "";
}

object_key connection_key(const service_account& object) {
  if (object.spec.connected_by == connection_kind::cluster) return {"", object.spec.connection};
  return {object.meta.ns, object.spec.connection};
}

std::string connection_title(const service_account& object) {
  return title(object.spec.connected_by, connection_key(object));
}

bool admits_namespace(const console_connection& connection, std::string_view ns, const string_map& labels) {
  if (!connection.cluster_scoped()) return connection.meta.ns == ns;
  return selects(connection.spec.used_from, ns, labels);
}

std::string title(const console_connection& connection) {
  return title(connection.cluster_scoped() ? connection_kind::cluster : connection_kind::namespaced,
               key_of(connection.meta));
}

}  // namespace platformer
