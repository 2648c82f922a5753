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
    std::vector<object_key> keys;
    keys.reserve(found->second.size());
    for (const object_key* key : found->second)
      keys.push_back(*key);
    return keys;
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
store<T>::store(std::vector<named_index> indexes, const std::vector<std::string>& namespaces, packer<T> form)
    : base(std::make_shared<typename base::state>()) {
  state_->form = std::move(form);
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
void store<T>::listing::add(T item) {
  auto& kept = items_[key_of(item.meta)];
  if (!kept.empty() && is_newer(kept.version(), item.meta.resource_version)) return;
  kept = {std::make_shared<const T>(std::move(item)), form_};
}

template <class T>
auto store<T>::replace_all(std::vector<T> items, std::string version, const std::string& ns)
    -> std::vector<change> {
  listing list(*this);
  for (auto& item : items)
    list.add(std::move(item));
  std::vector<change> changes;
  replace_all(std::move(list), std::move(version), ns,
              [&](change&& each) { changes.push_back(std::move(each)); });
  return changes;
}

template <class T>
template <class Tell>
void store<T>::replace_all(listing items, std::string version, const std::string& ns, Tell&& told) {
  auto& own = scope_of(ns);
  const bool storage_was_reset = own.synced && is_newer(own.observed, version);
  std::vector<object_key> vanished;
  for (const auto& [key, stored] : state_->entries) {
    const bool written_after_list = is_newer(stored.object.version(), version);
    const bool covered = &scope_of(key.ns) == &own;
    if (covered && !items.items_.contains(key) && (storage_was_reset || !written_after_list))
      vanished.push_back(key);
  }
  std::vector<untold> changes = take_over(std::move(items), storage_was_reset);
  for (const auto& key : vanished)
    changes.push_back(remove(key));
  own.observed = std::move(version);
  own.synced = true;
  for (auto& each : changes) {
    auto before = each.before.get(state_->form);
    each.before = {};
    auto after = each.kind == change_kind::deleted ? nullptr : this->get(each.key);
    told(change{each.kind, std::move(each.key), std::move(before), std::move(after)});
  }
}

// What is not newer than what is stored stays out, unless the storage was reset.
template <class T>
auto store<T>::take_over(listing items, bool storage_was_reset) -> std::vector<untold> {
  std::vector<untold> changes;
  while (!items.items_.empty()) {
    auto node = items.items_.extract(items.items_.begin());
    if (const auto known = state_->entries.find(node.key()); known != state_->entries.end()) {
      const std::string_view old = known->second.object.version();
      const std::string_view version = node.mapped().version();
      if (!is_newer(version, old) && !(storage_was_reset && version != old)) continue;
    }
    changes.push_back(put(std::move(node.key()), std::move(node.mapped())));
  }
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
  const std::string_view seen =
      known == state_->entries.end() ? scope_of(meta.ns).observed : known->second.object.version();
  return !is_newer(meta.resource_version, seen);
}

template <class T>
auto store<T>::erase(const object_meta& meta) -> std::optional<change> {
  progress(meta.resource_version, meta.ns);
  const object_key key = key_of(meta);
  const auto known = state_->entries.find(key);
  if (known == state_->entries.end()) return std::nullopt;
  if (is_newer(known->second.object.version(), meta.resource_version)) return std::nullopt;
  untold done = remove(key);
  return change{done.kind, std::move(done.key), done.before.get(state_->form), nullptr};
}

template <class T>
void store<T>::progress(std::string_view version, const std::string& ns) {
  auto& observed = scope_of(ns).observed;
  if (!version.empty() && is_newer(version, observed)) observed = version;
}

template <class T>
auto store<T>::put(typename store_reader<T>::pointer object, bool live_added) -> change {
  const auto at = state_->entries.try_emplace(key_of(object->meta)).first;
  auto before = at->second.object.get(state_->form);
  at->second.object = {object, state_->form};
  note_change(*at, before.get(), *object, live_added);
  return {before ? change_kind::updated : change_kind::added, at->first, std::move(before),
          std::move(object)};
}

template <class T>
auto store<T>::put(object_key key, kept_object<T> object) -> untold {
  const auto at = state_->entries.try_emplace(key).first;
  kept_object<T> replaced = std::exchange(at->second.object, std::move(object));
  note_change(*at, replaced.get(state_->form).get(), *at->second.object.get(state_->form), false);
  return {replaced.empty() ? change_kind::added : change_kind::updated, std::move(key), std::move(replaced)};
}

template <class T>
void store<T>::note_change(typename base::place& at, const T* before, const T& after, bool live_added) {
  const bool same_object = before != nullptr && before->meta.uid == after.meta.uid;
  // A fact about this uid: what was seen to begin stays so through updates and lists, and what came from a
  // list or our own write before its event never becomes it.
  at.second.live_added = same_object ? at.second.live_added : live_added;
  reindex(at.first, before, &after);
}

template <class T>
auto store<T>::remove(const object_key& key) -> untold {
  const auto known = state_->entries.find(key);
  untold done{change_kind::deleted, key, std::move(known->second.object)};
  reindex(known->first, done.before.get(state_->form).get(), nullptr);
  state_->entries.erase(known);
  return done;
}

template <class T>
void store<T>::reindex(const object_key& stored_key, const T* before, const T* after) {
  for (auto& each : state_->indexes) {
    const index_terms old_terms = before == nullptr ? index_terms{} : each.terms_of(*before);
    const index_terms new_terms = after == nullptr ? index_terms{} : each.terms_of(*after);
    for (const auto& term : old_terms) {
      if (new_terms.contains(term)) continue;
      const auto found = each.keys.find(term);
      found->second.erase(&stored_key);
      if (found->second.empty()) each.keys.erase(found);
    }
    for (const auto& term : new_terms)
      if (!old_terms.contains(term)) each.keys[term].insert(&stored_key);
  }
}

}  // namespace platformer::runtime
