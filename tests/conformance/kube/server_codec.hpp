// The cases' types as the JSON that an API server speaks, beyond what the operator itself has to write.
#pragma once

#include <nlohmann/json.hpp>

#include "kube/kube_client.hpp"
#include "tests/conformance/kube/kube_port.hpp"

namespace platformer::conformance {

kube::resource resource_of(kube_kind kind);

// A whole object for POST and PUT, with every system field that is set: a server has to ignore or refuse
// them.
nlohmann::json encode(const kube_object& object);
// Only metadata when the server sent a PartialObjectMetadata.
kube_answer<kube_object> decode(kube_kind kind, const nlohmann::json& object);

// The body of a patch of metadata, in the form of its kind.
nlohmann::json encode(const metadata_patch& patch);
kube::patch_type type_of(models::patch_kind kind);
// The merge patch that turns one into the other, with the latter's version and uid as far as they are set.
nlohmann::json status_patch(const kube_object& from, const kube_object& to);

}  // namespace platformer::conformance
