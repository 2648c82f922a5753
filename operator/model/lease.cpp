#include "model/lease.hpp"

#include <algorithm>

#include "model/codec.hpp"
#include "model/json_read.hpp"

namespace platformer {
namespace {

using nlohmann::json;

// Of leaseDurationSeconds, an int32; also keeps milliseconds from overflowing.
constexpr std::int64_t most_seconds = 2'147'483'647;

json encode_meta(const object_meta& meta) {
  json encoded = {{"name", meta.name}, {"namespace", meta.ns}};
  if (!meta.uid.empty()) encoded["uid"] = meta.uid;
  if (!meta.resource_version.empty()) encoded["resourceVersion"] = meta.resource_version;
  if (!meta.labels.empty()) encoded["labels"] = meta.labels;
  if (!meta.annotations.empty()) encoded["annotations"] = meta.annotations;
  if (!meta.finalizers.empty()) encoded["finalizers"] = meta.finalizers;
  if (!meta.owners.empty()) encoded["ownerReferences"] = encode_owners(meta.owners);
  return encoded;
}

}  // namespace

result<lease> decode_lease(const json& object) {
  auto meta = decode_meta(object);
  if (!meta) return tl::unexpected(meta.error());
  lease decoded;
  decoded.meta = std::move(*meta);
  const json* spec = read_object(object, "spec");
  if (spec == nullptr) return decoded;
  decoded.spec.holder = read_string(*spec, "holderIdentity");
  const auto seconds = std::clamp<std::int64_t>(read_integer(*spec, "leaseDurationSeconds"), 0, most_seconds);
  decoded.spec.lease_duration = std::chrono::seconds(seconds);
  decoded.spec.acquired_at = parse_rfc3339(read_string(*spec, "acquireTime"));
  decoded.spec.renewed_at = parse_rfc3339(read_string(*spec, "renewTime"));
  decoded.spec.transitions = read_integer(*spec, "leaseTransitions");
  return decoded;
}

json encode_lease(const lease& record) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(record.spec.lease_duration);
  json spec = {{"holderIdentity", record.spec.holder},
               {"leaseDurationSeconds", seconds.count()},
               {"leaseTransitions", record.spec.transitions}};
  if (record.spec.acquired_at) spec["acquireTime"] = format_micro_time(*record.spec.acquired_at);
  if (record.spec.renewed_at) spec["renewTime"] = format_micro_time(*record.spec.renewed_at);
  return {{"apiVersion", "coordination.k8s.io/v1"},
          {"kind", "Lease"},
          {"metadata", encode_meta(record.meta)},
          {"spec", std::move(spec)}};
}

}  // namespace platformer
