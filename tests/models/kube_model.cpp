// kube_model's writes: what each verb asks and changes. How it ends is kube_model_storage.cpp's.
#include "tests/models/kube_model.hpp"

#include "tests/models/kube_model_checks.hpp"
#include "tests/models/kube_model_patch.hpp"

namespace platformer::models {
namespace {

constexpr std::string_view modified_meanwhile = "the object has been modified";
constexpr std::string_view other_uid = "the UID in the precondition is not the object's";

// Of a patch: a version is a precondition, a uid an attempt to change what is immutable.
std::optional<api_error> check_patch(const kube_pointer& before, const preconditions& only_if) {
  const object_meta& meta = meta_of(*before);
  if (!only_if.resource_version.empty() && only_if.resource_version != meta.resource_version)
    return conflict(kind_of(*before), key_of(meta), modified_meanwhile);
  if (!only_if.uid.empty() && only_if.uid != meta.uid)
    return invalid(kind_of(*before), key_of(meta), "metadata.uid: field is immutable");
  return std::nullopt;
}

// The server reads no more than 3 MiB of a request; values come in base64.
std::optional<api_error> check_request(const object_key& key, std::size_t value_bytes) {
  constexpr std::size_t most = std::size_t{3} * 1024 * 1024;
  if (value_bytes / 3 * 4 < most) return std::nullopt;
  return refusal(api_errc::too_large, 413, kube_kind::secret, key.name, "the request is too large");
}

std::size_t size_of(const token_handle& value) {
  return value ? value->size() : 0;
}

std::optional<api_error> check_request(const kube_object& object) {
  const auto* content = std::get_if<secret_content>(&object);
  if (content == nullptr) return std::nullopt;
  std::size_t bytes = 0;
  for (const auto& [key, entry] : content->data)
    bytes += size_of(entry.value);
  return check_request(key_of(content->meta), bytes);
}

bool holds(const object_meta& meta, const preconditions& asked) {
  return (asked.uid.empty() || asked.uid == meta.uid) &&
         (asked.resource_version.empty() || asked.resource_version == meta.resource_version);
}

}  // namespace

kube_model::kube_model(fingerprint_function fingerprint) : fingerprint_(std::move(fingerprint)) {}

kube_answer<kube_pointer> kube_model::create(kube_object object, time_point now, bool dry_run) {
  if (auto refused = check_request(object)) return tl::unexpected(std::move(*refused));
  object_meta& meta = meta_of(object);
  if (!meta.resource_version.empty())
    return tl::unexpected(refusal(api_errc::server_error, 500, kind_of(object), meta.name,
                                  "resourceVersion should not be set on objects to be created"));
  meta.uid = "uid-" + std::to_string(uids_ + 1);
  // Built-in kinds without a generation of their own keep what they are given.
  if (is_custom(kind_of(object))) meta.generation = 1;
  meta.created = std::chrono::floor<std::chrono::seconds>(now);
  meta.deleted.reset();
  if (auto* account = std::get_if<service_account>(&object)) account->status = {};
  if (auto* connection = std::get_if<console_connection>(&object)) connection->status = {};
  if (auto* content = std::get_if<secret_content>(&object)) seal(*content, nullptr);
  return put(std::move(object), nullptr, dry_run);
}

kube_answer<kube_pointer> kube_model::update(kube_object object, time_point now, bool dry_run) {
  if (auto refused = check_request(object)) return tl::unexpected(std::move(*refused));
  const kube_kind kind = kind_of(object);
  object_meta& meta = meta_of(object);
  const object_key key = key_of(meta);
  const kube_pointer* found = find(kind, key);
  if (found == nullptr && kind != kube_kind::lease) return tl::unexpected(not_found(kind, key));
  if (!meta.uid.empty() && (found == nullptr || meta_of(**found).uid != meta.uid))
    return tl::unexpected(conflict(kind, key, other_uid));
  if (found == nullptr) {
    meta.resource_version.clear();
    return create(std::move(object), now, dry_run);
  }
  const kube_pointer before = *found;
  const object_meta& old = meta_of(*before);
  if (meta.resource_version.empty() && kind != kube_kind::secret)
    return tl::unexpected(invalid(kind, key, "metadata.resourceVersion: must be specified for an update"));
  if (!meta.resource_version.empty() && meta.resource_version != old.resource_version)
    return tl::unexpected(conflict(kind, key, modified_meanwhile));
  if (meta.deleted && !old.deleted)
    return tl::unexpected(invalid(kind, key, "metadata.deletionTimestamp: field is immutable"));
  meta.uid = old.uid;
  if (auto* account = std::get_if<service_account>(&object))
    account->status = std::get<service_account>(*before).status;
  if (auto* connection = std::get_if<console_connection>(&object))
    connection->status = std::get<console_connection>(*before).status;
  if (auto* content = std::get_if<secret_content>(&object))
    seal(*content, &std::get<secret_content>(*before));
  return put(std::move(object), before, dry_run);
}

kube_answer<kube_pointer> kube_model::update_status(kube_object object, time_point, status_write how,
                                                    bool dry_run) {
  const kube_kind kind = kind_of(object);
  const object_meta& meta = meta_of(object);
  const object_key key = key_of(meta);
  const kube_pointer* found = is_custom(kind) ? find(kind, key) : nullptr;
  if (found == nullptr) return tl::unexpected(not_found(kind, key));
  const kube_pointer before = *found;
  const bool is_put = how == status_write::put;
  if (is_put && !meta.uid.empty() && meta_of(*before).uid != meta.uid)
    return tl::unexpected(conflict(kind, key, other_uid));
  if (is_put && meta.resource_version.empty())
    return tl::unexpected(invalid(kind, key, "metadata.resourceVersion: must be specified for an update"));
  if (!meta.resource_version.empty() && meta.resource_version != meta_of(*before).resource_version)
    return tl::unexpected(conflict(kind, key, modified_meanwhile));
  kube_object after = *before;
  if (auto* account = std::get_if<service_account>(&after))
    account->status = std::move(std::get<service_account>(object).status);
  if (auto* connection = std::get_if<console_connection>(&after))
    connection->status = std::move(std::get<console_connection>(object).status);
  return put(std::move(after), before, dry_run);
}

kube_answer<kube_pointer> kube_model::patch_metadata(kube_kind kind, const object_key& key,
                                                     const metadata_patch& patch, time_point, bool dry_run) {
  if (patch.kind == patch_kind::strategic && is_custom(kind))
    return tl::unexpected(refusal(api_errc::bad_request, 415, kind, key.name, "no strategic merge patch"));
  const kube_pointer* found = find(kind, key);
  if (found == nullptr) return tl::unexpected(not_found(kind, key));
  const kube_pointer before = *found;
  if (patch.kind == patch_kind::json) {
    if (!holds(meta_of(*before), patch.only_if))
      return tl::unexpected(invalid(kind, key, "the JSON patch's test failed"));
  } else if (auto refused = check_patch(before, patch.only_if)) {
    return tl::unexpected(std::move(*refused));
  }
  kube_object after = *before;
  if (!apply(meta_of(after), patch))
    return tl::unexpected(invalid(kind, key, "the JSON patch names what is not there"));
  return put(std::move(after), before, dry_run);
}

kube_answer<kube_pointer> kube_model::write_secret(const secret_write& write, time_point now, bool dry_run) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : write.data)
    bytes += size_of(value);
  if (auto refused = check_request(write.key, bytes)) return tl::unexpected(std::move(*refused));
  secret_content content;
  kube_pointer before;
  if (write.creates()) {
    content.meta.name = write.key.name;
    content.meta.ns = write.key.ns;
  } else {
    const kube_pointer* found = find(kube_kind::secret, write.key);
    if (found == nullptr) return tl::unexpected(not_found(kube_kind::secret, write.key));
    before = *found;
    if (auto refused = check_patch(before, {write.uid, write.resource_version}))
      return tl::unexpected(std::move(*refused));
    content = std::get<secret_content>(*before);
  }
  for (const auto& [key, value] : write.data) {
    if (value)
      content.data.insert_or_assign(key, secret_entry{value, {}});
    else
      content.data.erase(key);
  }
  merge_into(content.meta.labels, write.labels);
  merge_into(content.meta.annotations, write.annotations);
  if (write.owners) content.meta.owners = *write.owners;
  if (!before) return create(std::move(content), now, dry_run);
  seal(content, &std::get<secret_content>(*before));
  return put(std::move(content), before, dry_run);
}

kube_answer<void> kube_model::remove(kube_kind kind, const object_key& key, const preconditions& only_if,
                                     time_point now, bool dry_run) {
  const kube_pointer* found = find(kind, key);
  if (found == nullptr) return tl::unexpected(not_found(kind, key));
  const kube_pointer before = *found;
  const object_meta& meta = meta_of(*before);
  if (!holds(meta, only_if)) return tl::unexpected(conflict(kind, key, "a precondition does not hold"));
  if (auto refused = admit(kind, before.get(), nullptr)) return tl::unexpected(std::move(*refused));
  if (dry_run) return {};
  if (meta.finalizers.empty()) {
    erase(before);
  } else if (!meta.deleted) {
    kube_object after = *before;
    object_meta& marked = meta_of(after);
    marked.deleted = std::chrono::floor<std::chrono::seconds>(now);
    if (marked.generation > 0) ++marked.generation;
    store(std::move(after), before);
  }
  return {};
}

}  // namespace platformer::models
