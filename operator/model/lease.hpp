// A Lease, by which replicas elect the one that acts (source: coordination.k8s.io/v1).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "model/object_meta.hpp"

namespace platformer {

struct lease_spec {
  std::string holder;                     // holderIdentity; empty: released
  duration lease_duration{};              // leaseDurationSeconds: whole seconds on the wire
  std::optional<time_point> acquired_at;  // acquireTime, by the holder's clock: for people
  std::optional<time_point> renewed_at;   // renewTime, likewise
  std::int64_t transitions = 0;           // leaseTransitions: how often the holder changed
  bool operator==(const lease_spec&) const = default;
};

struct lease {
  object_meta meta;
  lease_spec spec;
};

// Fields that are missing or of a wrong type read as empty. Fails as decode_meta does.
result<lease> decode_lease(const nlohmann::json& object);

// The whole object for a create (no resourceVersion, no uid) or an update, which these make conditional.
nlohmann::json encode_lease(const lease& record);

}  // namespace platformer
