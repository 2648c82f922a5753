#include "controllers/reconcile/knowledge.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "controllers/reconcile/restarts.hpp"
#include "model/names.hpp"
#include "model/packing.hpp"

namespace platformer::controllers {
namespace {

runtime::index_terms connection_term(const service_account& object) {
  return {connection_of(object).to_string()};
}

runtime::index_terms namespace_term(const service_account& object) {
  if (object.spec.connected_by != connection_kind::cluster) return {};
  return {object.meta.ns};
}

runtime::index_terms owner_term(const secret_meta& secret) {
  const owner_reference* controller = secret.meta.controller();
  return controller == nullptr ? runtime::index_terms{} : runtime::index_terms{controller->uid};
}

runtime::packer<service_account> packed_accounts() {
  return {[](const service_account& object) { return pack(object); }, unpack_service_account};
}

template <class Object>
runtime::packer<Object> packed_meta() {
  return {[](const Object& object) { return pack(object.meta); },
          [](std::string_view bytes) { return Object{unpack_meta(bytes)}; }};
}

}  // namespace

bool watched_scope::covers(std::string_view ns) const {
  return cluster() || std::find(namespaces.begin(), namespaces.end(), ns) != namespaces.end();
}

knowledge::knowledge(const std::vector<std::string>& watched, bool packed)
    : scope{.namespaces = watched},
      service_accounts({{std::string(by_connection), connection_term},
                        {std::string(by_namespace), namespace_term},
                        {std::string(by_workload), workload_terms}},
                       watched, packed ? packed_accounts() : runtime::packer<service_account>{}),
      connections({}, watched),
      secrets({{std::string(by_owner), owner_term}}, watched,
              packed ? packed_meta<secret_meta>() : runtime::packer<secret_meta>{}),
      namespaces({}, {}, packed ? packed_meta<namespace_meta>() : runtime::packer<namespace_meta>{}) {}

void knowledge::select_objects(const std::string& selector) {
  scope.selects_objects = true;
  registry.hold_with(std::string(names::finalizer) + "-" + short_hash(selector));
}

std::shared_ptr<const console_connection> knowledge::connection(const object_key& key) const {
  return key.ns.empty() ? cluster_connections.get(key) : connections.get(key);
}

std::size_t knowledge::group_of(const object_key& account) const {
  const auto* object = service_accounts.find_kept(account);
  return object != nullptr ? std::hash<object_key>()(connection_of(outline_of(*object))) : 0;
}

accounts::connection_view knowledge::view_of(const service_account& object) const {
  using standing = accounts::connection_view::standing;
  const object_key key = connection_of(object);
  const auto used = connection(key);
  accounts::connection_view view = registry.view(key, used.get());
  view.name = object.spec.connection;
  if (object.spec.connected_by == connection_kind::cluster && !scope.cluster())
    view.message =
        "this operator watches single namespaces (--watch-namespace) and can't see ClusterConsoleConnections";
  if (object.spec.connected_by == connection_kind::cluster && cluster_connections_missing)
    view.message = "the CRD of ClusterConsoleConnections is not installed in this cluster";
  if (!used || !used->cluster_scoped()) return view;
  const auto home = namespaces.get({"", object.meta.ns});
  view.admits = admits_namespace(*used, object.meta.ns, home ? home->meta.labels : string_map{});
  // Labels may exclude: without knowing them nobody is let in by them.
  if (!home && !used->spec.used_from.names.contains(object.meta.ns)) {
    view.admits = true;
    if (view.state != standing::closing) view.state = standing::unknown;
  }
  return view;
}

bool knowledge::may_have_predecessor(const service_account& object) const {
  const object_key key = key_of(object.meta);
  if (left_behind.contains(key)) return true;
  const live_connection* live = registry.find(connection_of(object));
  return live != nullptr && live->orphaned_names.contains(key);
}

std::optional<time_point> knowledge::alone_since() const {
  if (!elects || !watching_since) return watching_since;
  if (!leading_since) return std::nullopt;
  return std::max(*watching_since, *leading_since);
}

void knowledge::remember(const object_key& key, const std::string& uid, accounts::memory remembered) {
  const auto* object = service_accounts.find_kept(key);
  const bool lives = object != nullptr && outline_of(*object).uid == uid;
  memories[uid] = std::move(remembered);
  if (!lives) forget(key, uid);
}

void knowledge::forget(const object_key& key, const std::string& uid) {
  const auto found = memories.find(uid);
  if (found == memories.end()) return;
  const time_point written = found->second.account_written_at;
  memories.erase(found);
  if (written == time_point{}) return;
  std::erase_if(written_before,
                [&](const auto& each) { return each.second + std::chrono::minutes(1) < written; });
  time_point& last = written_before[key];
  last = std::max(last, written);
}

}  // namespace platformer::controllers
