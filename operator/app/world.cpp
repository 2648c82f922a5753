#include "app/world.hpp"

namespace platformer::app {
namespace {

runtime::index_terms connection_term(const service_account& object) {
  return {connection_of(object).to_string()};
}

runtime::index_terms owner_term(const secret_meta& secret) {
  const owner_reference* controller = secret.meta.controller();
  return controller == nullptr ? runtime::index_terms{} : runtime::index_terms{controller->uid};
}

}  // namespace

world::world(const std::vector<std::string>& namespaces)
    : service_accounts({{std::string(by_connection), connection_term}}, namespaces),
      connections({}, namespaces),
      secrets({{std::string(by_owner), owner_term}}, namespaces) {}

}  // namespace platformer::app
