// The members of what is packed, each type's in one place. A member that is added to a type and not here does
// not compile.
#pragma once

#include <type_traits>

#include "model/service_account.hpp"

namespace platformer::packing {

template <class Type, class Object>
inline constexpr bool is = std::is_same_v<std::remove_const_t<Object>, Type>;

// Calls visit(member, …) with all members of one of our aggregates.
template <class Object, class Visit>
void visit_members(Object& object, Visit&& visit) {
  if constexpr (is<owner_reference, Object>) {
    auto& [api_version, kind, name, uid, controller, block] = object;
    visit(api_version, kind, name, uid, controller, block);
  } else if constexpr (is<object_meta, Object>) {
    auto& [name, ns, uid, version, generation, created, deleted, labels, annotations, finalizers, owners] =
        object;
    visit(name, ns, uid, version, generation, created, deleted, labels, annotations, finalizers, owners);
  } else if constexpr (is<access, Object>) {
    auto& [permissions, roles] = object;
    visit(permissions, roles);
  } else if constexpr (is<token_spec, Object>) {
    auto& [expires_at, lifetime, renew_before, interval, verify, strategy, overlap] = object;
    visit(expires_at, lifetime, renew_before, interval, verify, strategy, overlap);
  } else if constexpr (is<restart_target, Object>) {
    auto& [kind, name] = object;
    visit(kind, name);
  } else if constexpr (is<registry_spec, Object>) {
    auto& [host, username] = object;
    visit(host, username);
  } else if constexpr (is<secret_spec, Object>) {
    auto& [name, key, labels, annotations, type, templates, registry, previous, loss] = object;
    visit(name, key, labels, annotations, type, templates, registry, previous, loss);
  } else if constexpr (is<service_account_spec, Object>) {
    auto& [connection, by, name, description, project, own, projects, token, secret, targets, adoption,
           deletion, suspend] = object;
    visit(connection, by, name, description, project, own, projects, token, secret, targets, adoption,
          deletion, suspend);
  } else if constexpr (is<token_status, Object>) {
    auto& [revision, operation, fingerprint, issued, expires, renew, cause, version] = object;
    visit(revision, operation, fingerprint, issued, expires, renew, cause, version);
  } else if constexpr (is<condition, Object>) {
    auto& [type, status, reason, message, generation, transition] = object;
    visit(type, status, reason, message, generation, transition);
  } else if constexpr (is<service_account_status, Object>) {
    auto& [generation, account, organization, project, secret, token, renew, reconcile, restarted, failures,
           conditions] = object;
    visit(generation, account, organization, project, secret, token, renew, reconcile, restarted, failures,
          conditions);
  } else {
    static_assert(is<service_account, Object>);
    auto& [meta, spec, status, error] = object;
    visit(meta, spec, status, error);
  }
}

}  // namespace platformer::packing
