#include "tests/models/kube_model_types.hpp"

#include <array>
#include <charconv>

#include "model/names.hpp"

namespace platformer::models {

const object_meta& meta_of(const kube_object& object) {
  return std::visit([](const auto& each) -> const object_meta& { return each.meta; }, object);
}

object_meta& meta_of(kube_object& object) {
  return std::visit([](auto& each) -> object_meta& { return each.meta; }, object);
}

std::string_view kind_name(kube_kind kind) {
  switch (kind) {
    case kube_kind::service_account:
      return names::service_account_kind;
    case kube_kind::console_connection:
      return names::console_connection_kind;
    case kube_kind::secret:
      return "Secret";
    case kube_kind::lease:
      return "Lease";
  }
  return {};
}

std::string_view api_version_of(kube_kind kind) {
  switch (kind) {
    case kube_kind::service_account:
    case kube_kind::console_connection:
      return names::api_version;
    case kube_kind::secret:
      return "v1";
    case kube_kind::lease:
      return "coordination.k8s.io/v1";
  }
  return {};
}

kube_version version_of(const object_meta& meta) {
  kube_version version = 0;
  const char* const end = meta.resource_version.data() + meta.resource_version.size();
  const auto [stop, failure] = std::from_chars(meta.resource_version.data(), end, version);
  return failure == std::errc{} && stop == end ? version : 0;
}

std::string fast_fingerprint(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char each : bytes)
    hash = (hash ^ static_cast<unsigned char>(each)) * 1099511628211U;
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "sha256:";
  for (int shift = 44; shift >= 0; shift -= 4)
    text += digits[(hash >> shift) & 0xfU];
  return text;
}

}  // namespace platformer::models
