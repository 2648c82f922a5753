#include "controllers/reconcile/knowledge.hpp"

#include <algorithm>

namespace platformer::controllers {
namespace {

runtime::index_terms connection_term(const service_account& object) {
  return {connection_of(object).to_string()};
}

runtime::index_terms owner_term(const secret_meta& secret) {
  const owner_reference* controller = secret.meta.controller();
  return controller == nullptr ? runtime::index_terms{} : runtime::index_terms{controller->uid};
}

}  // namespace

knowledge::knowledge(const std::vector<std::string>& namespaces)
    : service_accounts({{std::string(by_connection), connection_term}}, namespaces),
      connections({}, namespaces),
      secrets({{std::string(by_owner), owner_term}}, namespaces) {}

std::optional<time_point> knowledge::alone_since() const {
  if (!elects || !watching_since) return watching_since;
  if (!leading_since) return std::nullopt;
  return std::max(*watching_since, *leading_since);
}

void knowledge::remember(const object_key& key, const std::string& uid, accounts::memory remembered) {
  const auto object = service_accounts.get(key);
  if (object && object->meta.uid == uid)
    memories[uid] = std::move(remembered);
  else
    memories.erase(uid);
}

}  // namespace platformer::controllers
