// What the modelled API server validates, and its refusals. Only for kube_model*.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/models/kube_model_types.hpp"

namespace platformer::models {

// 409, 404 … and "secrets/x: why" as message.
api_error refusal(api_errc code, int http_status, kube_kind kind, std::string_view name,
                  std::string_view why);

inline api_error not_found(kube_kind kind, const object_key& key) {
  return refusal(api_errc::not_found, 404, kind, key.name, "not found");
}
inline api_error conflict(kube_kind kind, const object_key& key, std::string_view why) {
  return refusal(api_errc::conflict, 409, kind, key.name, why);
}
inline api_error invalid(kube_kind kind, const object_key& key, std::string_view why) {
  return refusal(api_errc::invalid, 422, kind, key.name, why);
}

// Metadata, the kind's own rules, and what must not change. `before` is null for a create. Parts that are as
// they were before are not looked at again.
std::optional<api_error> check_object(const kube_object& after, const kube_object* before);

// Whether everything but metadata and status is equal.
bool same_content(const kube_object& a, const kube_object& b);
bool same_object(const kube_object& a, const kube_object& b);

// Bytes that are no UTF-8 become U+FFFD each, as kube_client writes them.
void repair_utf8(std::string& text);

}  // namespace platformer::models
