// Readings of the world that several oracles share.
#pragma once

#include "tests/sim/world.hpp"

namespace platformer::sim {

inline bool holds_live_token(const world& in, const secret_content& secret) {
  for (const auto& [key, entry] : secret.data)
    if (entry.value && in.all.console.find_by_token(entry.value->reveal(), in.now) != nullptr) return true;
  return false;
}

// The Secret of the object has that account's live token.
inline bool is_in_use(const world& in, const service_account& object, const models::stored_account& account) {
  const auto found = in.all.kube.get(models::kube_kind::secret, {object.meta.ns, object.spec.secret.name});
  if (!found || !account.is_live(in.now)) return false;
  const auto& data = std::get<secret_content>(**found).data;
  const auto entry = data.find(object.spec.secret.key);
  return entry != data.end() && entry->second.value &&
         in.all.console.digest(entry->second.value->reveal()) == account.token;
}

}  // namespace platformer::sim
