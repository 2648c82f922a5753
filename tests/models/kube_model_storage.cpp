// kube_model's storage: how every write ends, the garbage collector, compaction.
#include <algorithm>

#include "tests/models/kube_model.hpp"
#include "tests/models/kube_model_checks.hpp"

namespace platformer::models {

void kube_model::seal(secret_content& content, const secret_content* before) const {
  if (content.type.empty()) content.type = "Opaque";
  static const decltype(content.data) none;
  const auto& old = before == nullptr ? none : before->data;
  for (auto& [key, entry] : content.data) {
    if (!entry.value) entry.value = std::make_shared<const secret_string>();
    const auto same = old.find(key);
    const bool is_old = same != old.end() && same->second.value == entry.value;
    entry.fingerprint = is_old ? same->second.fingerprint : fingerprint_(entry.value->reveal());
  }
}

std::optional<api_error> kube_model::admit(kube_kind kind, const kube_object* before,
                                           const kube_object* after) const {
  for (const admission& each : admissions_) {
    if (each.kind != kind) continue;
    if (auto refused = each.check(before, after)) return refused;
  }
  return std::nullopt;
}

kube_answer<kube_pointer> kube_model::put(kube_object&& after, const kube_pointer& before, bool dry_run) {
  object_meta& meta = meta_of(after);
  const kube_kind kind = kind_of(after);
  if (!before || meta.annotations != meta_of(*before).annotations)
    for (auto& [key, value] : meta.annotations)
      repair_utf8(value);
  if (before) {
    const object_meta& old = meta_of(*before);
    meta.resource_version = old.resource_version;
    meta.created = old.created;
    meta.deleted = old.deleted;
    meta.generation = old.generation;
    if (is_custom(kind) && !same_content(after, *before)) ++meta.generation;
  }
  if (auto refused = check_object(after, before.get())) return tl::unexpected(std::move(*refused));
  if (auto refused = admit(kind, before.get(), &after)) return tl::unexpected(std::move(*refused));
  if (!before && find(kind, key_of(meta)) != nullptr)
    return tl::unexpected(refusal(api_errc::already_exists, 409, kind, meta.name, "already exists"));
  if (before && meta.deleted && meta.finalizers.empty()) {
    // The last finalizer went. What is returned is as it was asked for, at the version before.
    if (!dry_run) erase(before);
    return std::make_shared<const kube_object>(std::move(after));
  }
  if (before && same_object(after, *before)) return before;
  if (dry_run) return std::make_shared<const kube_object>(std::move(after));
  return store(std::move(after), before);
}

kube_pointer kube_model::store(kube_object&& after, const kube_pointer& before) {
  shelf& into = shelf_of(kind_of(after));
  if (!before) ++uids_;
  meta_of(after).resource_version = std::to_string(++version_);
  const auto stored = std::make_shared<const kube_object>(std::move(after));
  into.objects.insert_or_assign(key_of(meta_of(*stored)), stored);
  into.history.push_back({version_, before, stored});
  into.told.push_back(stored);
  if (listener_) listener_(into.history.back());
  return stored;
}

void kube_model::erase(const kube_pointer& before) {
  shelf& from = shelf_of(kind_of(*before));
  from.objects.erase(key_of(meta_of(*before)));
  auto last = std::make_shared<kube_object>(*before);
  meta_of(*last).resource_version = std::to_string(++version_);
  from.history.push_back({version_, before, nullptr});
  from.told.push_back(std::move(last));
  if (listener_) listener_(from.history.back());
}

bool kube_model::is_present(const owner_reference& owner, const std::string& ns) const {
  for (std::size_t index = 0; index < kube_kinds; ++index) {
    const auto kind = static_cast<kube_kind>(index);
    if (owner.kind != kind_name(kind) || owner.api_version != api_version_of(kind)) continue;
    const kube_pointer* found = find(kind, {ns, owner.name});
    return found != nullptr && meta_of(**found).uid == owner.uid;
  }
  return true;
}

bool kube_model::collect(const kube_pointer& dependent, time_point now) {
  const object_meta& meta = meta_of(*dependent);
  const auto present = [&](const owner_reference& each) { return is_present(each, meta.ns); };
  const auto left = std::count_if(meta.owners.begin(), meta.owners.end(), present);
  if (left == static_cast<std::ptrdiff_t>(meta.owners.size())) return false;
  const kube_kind kind = kind_of(*dependent);
  const object_key key = key_of(meta);
  if (left == 0) return remove(kind, key, {.uid = meta.uid, .resource_version = {}}, now).has_value();
  metadata_patch patch;
  patch.owners.emplace();
  std::copy_if(meta.owners.begin(), meta.owners.end(), std::back_inserter(*patch.owners), present);
  return patch_metadata(kind, key, patch, now).has_value();
}

bool kube_model::collect_garbage(time_point now) {
  bool changed = false;
  for (const shelf& each : shelves_) {
    std::vector<kube_pointer> dependents;
    for (const auto& [key, object] : each.objects)
      if (const object_meta& meta = meta_of(*object); !meta.owners.empty() && !meta.deleted)
        dependents.push_back(object);
    // In an order that does not hang on a hash function.
    std::sort(dependents.begin(), dependents.end(), [](const kube_pointer& a, const kube_pointer& b) {
      return key_of(meta_of(*a)) < key_of(meta_of(*b));
    });
    for (const kube_pointer& dependent : dependents)
      changed = collect(dependent, now) || changed;
  }
  return changed;
}

void kube_model::compact(kube_version up_to) {
  compacted_ = std::max(compacted_, std::min(up_to, version_));
}

void kube_model::set_admission(std::string name, kube_kind kind, admission_check check) {
  std::erase_if(admissions_, [&](const admission& each) { return each.name == name; });
  if (check) admissions_.push_back({std::move(name), kind, std::move(check)});
}

}  // namespace platformer::models
