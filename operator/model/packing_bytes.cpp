#include "model/packing_bytes.hpp"

#include <algorithm>
#include <array>

#include "model/condition.hpp"
#include "model/names.hpp"

namespace platformer::packing {

std::span<const std::string_view> known_texts() {
  static const auto sorted = [] {
    using namespace names;
    std::array texts{api_version,
                     service_account_kind,
                     finalizer,
                     renew_annotation,
                     reconcile_annotation,
                     operation_annotation,
                     secret_operation_id,
                     secret_revision,
                     secret_account_id,
                     secret_renew_history,
                     secret_issued_at,
                     secret_expires_at,
                     secret_fingerprint,
                     secret_cause,
                     secret_applied,
                     secret_previous_account_id,
                     secret_previous_until,
                     managed_by_label,
                     managed_by_value,
                     reason::issued.name,
                     reason::renewed.name,
                     reason::adopted.name,
                     reason::updated.name,
                     std::string_view("Ready"),
                     std::string_view("AccountSynced"),
                     std::string_view("SecretSynced"),
                     std::string_view("TokenValid"),
                     std::string_view("Reconciling"),
                     std::string_view("Stalled"),
                     std::string_view("InitialIssue"),
                     std::string_view("app.kubernetes.io/instance"),
                     std::string_view("app.kubernetes.io/name"),
                     std::string_view("kubectl.kubernetes.io/last-applied-configuration")};
    std::sort(texts.begin(), texts.end());
    return texts;
  }();
  return sorted;
}

void byte_writer::text(std::string_view value) {
  const auto known = known_texts();
  const auto found = std::lower_bound(known.begin(), known.end(), value);
  if (found != known.end() && *found == value)
    return number(static_cast<std::uint64_t>(found - known.begin()) * 2 + 1);
  number(value.size() * 2);
  out_ += value;
}

}  // namespace platformer::packing
