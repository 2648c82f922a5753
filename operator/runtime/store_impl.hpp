// Definitions of store.hpp, which includes this file.
#pragma once

#include <algorithm>

#include "runtime/store.hpp"

namespace platformer::runtime {

template <class T>
std::vector<object_key> store_reader<T>::find(std::string_view index_name, std::string_view term) const {
  for (const auto& each : state_->indexes) {
    if (each.name != index_name) continue;
    const auto found = each.keys.find(std::string(term));
    if (found == each.keys.end()) return {};
    return {found->second.begin(), found->second.end()};
  }
  return {};
}

template <class T>
std::size_t store_reader<T>::count(std::string_view index_name, std::string_view term) const {
  for (const auto& each : state_->indexes) {
    if (each.name != index_name) continue;
    const auto found = each.keys.find(std::string(term));
    return found == each.keys.end() ? 0 : found->second.size();
  }
  return 0;
}

template <class T>
bool store_reader<T>::synced() const {
  return std::all_of(state_->scopes.begin(), state_->scopes.end(),
                     [](const auto& each) { return each.second.synced; });
}

template <class T>
store<T>::store(std::vector<named_index> indexes, const std::vector<std::string>& namespaces)
    : base(std::make_shared<typename base::state>()) {
  for (auto& each : indexes)
    state_->indexes.push_back({std::move(each.name), std::move(each.terms_of), {}});
  for (const auto& each : namespaces)
    state_->scopes.try_emplace(each);
  if (namespaces.empty()) state_->scopes.try_emplace("");
}

// Every namespace belongs to the one scope named "", where there is one.
template <class T>
auto store<T>::scope_of(const std::string& ns) -> typename base::scope& {
  const auto all = state_->scopes.find("");
  return all != state_->scopes.end() ? all->second : state_->scopes[ns];
}

template <class T>
auto store<T>::replace_all(std::vector<T> items, std::string version, const std::string& ns)
    -> std::vector<change> {
  auto& own = scope_of(ns);
  const bool storage_was_reset = own.synced && is_newer(own.observed, version);
  std::vector<change> changes;
  std::set<object_key> listed;
  for (auto& item : items) {
    const object_key key = key_of(item.meta);
    const bool first = listed.insert(key).second;
    if (const auto known = state_->entries.find(key); known != state_->entries.end()) {
      const auto& old = known->second.value->meta.resource_version;
      const bool newer = is_newer(item.meta.resource_version, old);
      const bool forced = storage_was_reset && first && item.meta.resource_version != old;
      if (!newer && !forced) continue;
    }
    changes.push_back(put(std::make_shared<const T>(std::move(item)), false));
  }
  std::vector<object_key> vanished;
  for (const auto& [key, stored] : state_->entries) {
    const bool written_after_list = is_newer(stored.value->meta.resource_version, version);
    const bool covered = &scope_of(key.ns) == &own;
    if (covered && !listed.contains(key) && (storage_was_reset || !written_after_list))
      vanished.push_back(key);
  }
  for (const auto& key : vanished)
    changes.push_back(remove(key));
  own.observed = std::move(version);
  own.synced = true;
  return changes;
}

template <class T>
auto store<T>::upsert(typename store_reader<T>::pointer object, observed_by how) -> std::optional<change> {
  const bool told = seen_already(object->meta);
  progress(object->meta.resource_version, object->meta.ns);
  if (told) return std::nullopt;
  return put(std::move(object), how == observed_by::live_added);
}

template <class T>
auto store<T>::note_write(typename store_reader<T>::pointer object) -> std::optional<change> {
  if (seen_already(object->meta)) return std::nullopt;
  return put(std::move(object), false);
}

// Not newer than the stored copy; or not stored although the watch is past this version: the object is gone
// again, or the watch's selector excludes it.
template <class T>
bool store<T>::seen_already(const object_meta& meta) {
  const auto known = state_->entries.find(key_of(meta));
  const auto& seen = known == state_->entries.end() ? scope_of(meta.ns).observed
                                                    : known->second.value->meta.resource_version;
  return !is_newer(meta.resource_version, seen);
}

template <class T>
auto store<T>::erase(const object_meta& meta) -> std::optional<change> {
  progress(meta.resource_version, meta.ns);
  const object_key key = key_of(meta);
  const auto known = state_->entries.find(key);
  if (known == state_->entries.end()) return std::nullopt;
  if (is_newer(known->second.value->meta.resource_version, meta.resource_version)) return std::nullopt;
  return remove(key);
}

template <class T>
void store<T>::progress(std::string_view version, const std::string& ns) {
  auto& observed = scope_of(ns).observed;
  if (!version.empty() && is_newer(version, observed)) observed = version;
}

template <class T>
auto store<T>::put(typename store_reader<T>::pointer object, bool live_added) -> change {
  const object_key key = key_of(object->meta);
  auto& stored = state_->entries[key];
  auto before = std::move(stored.value);
  const bool same_object = before && before->meta.uid == object->meta.uid;
  stored.value = std::move(object);
  // A fact about this uid: what was seen to begin stays so through updates and lists, and what came from a
  // list or our own write before its event never becomes it.
  stored.live_added = same_object ? stored.live_added : live_added;
  reindex(key, stored);
  return {before ? change_kind::updated : change_kind::added, key, std::move(before), stored.value};
}

template <class T>
auto store<T>::remove(const object_key& key) -> change {
  const auto known = state_->entries.find(key);
  unindex(key, known->second);
  change result{change_kind::deleted, key, std::move(known->second.value), nullptr};
  state_->entries.erase(known);
  return result;
}

template <class T>
void store<T>::reindex(const object_key& key, entry& stored) {
  unindex(key, stored);
  stored.terms.clear();
  for (auto& each : state_->indexes) {
    stored.terms.push_back(each.terms_of(*stored.value));
    for (const auto& term : stored.terms.back())
      each.keys[term].insert(key);
  }
}

template <class T>
void store<T>::unindex(const object_key& key, const entry& stored) {
  for (std::size_t i = 0; i < stored.terms.size(); ++i) {
    auto& keys = state_->indexes[i].keys;
    for (const auto& term : stored.terms[i]) {
      const auto found = keys.find(term);
      found->second.erase(key);
      if (found->second.empty()) keys.erase(found);
    }
  }
}

}  // namespace platformer::runtime
