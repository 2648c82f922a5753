// Feeds a store from a watch: decodes objects as they come (so that a large list is never held as a whole, be
// it as JSON or as objects), replaces atomically, and hands every change on.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "runtime/store.hpp"
#include "runtime/watch_sink.hpp"

namespace platformer::runtime {

enum class change_source : std::uint8_t {
  list,  // initial list or relist: low priority
  live,  // a watch event
};

template <class T>
class store_sink final : public watch_sink {
 public:
  struct hooks {
    std::function<result<T>(const nlohmann::json&)> decode;
    std::function<void(const store_change<T>&, change_source)> on_change;
    // An object that is none (no name or version); it is left out. May be empty.
    std::function<void(const error&)> on_undecodable;
    // After each complete list, when the changes have been handed on. May be empty.
    std::function<void()> on_commit;
  };

  // `ns`: the scope of the store that this watch covers. `target` must outlive the sink.
  store_sink(store<T>& target, hooks callbacks, std::string ns = {})
      : store_(target), hooks_(std::move(callbacks)), ns_(std::move(ns)), staged_(target) {}

  void stage(const nlohmann::json& object) override {
    if (auto item = decode(object)) staged_.add(std::move(*item));
  }

  void unstage(const nlohmann::json& object) override {
    if (const auto item = decode(object)) staged_.remove(key_of(item->meta));
  }

  void discard() override { staged_.clear(); }

  void commit(const std::string& version) override {
    store_.replace_all(
        std::exchange(staged_, typename store<T>::listing(store_)), version, ns_,
        [this](const store_change<T>& change) { hooks_.on_change(change, change_source::list); });
    if (hooks_.on_commit) hooks_.on_commit();
  }

  void apply(watch_event_type type, const nlohmann::json& object) override {
    auto item = decode(object);
    if (!item) return;
    const auto how = type == watch_event_type::added ? observed_by::live_added : observed_by::live_modified;
    if (const auto change = store_.upsert(std::move(*item), how))
      hooks_.on_change(*change, change_source::live);
  }

  void erase(const nlohmann::json& object) override {
    const auto item = decode(object);
    if (!item) return;
    if (const auto change = store_.erase(item->meta)) hooks_.on_change(*change, change_source::live);
  }

  void progress(const std::string& version) override { store_.progress(version, ns_); }

 private:
  result<T> decode(const nlohmann::json& object) {
    auto item = hooks_.decode(object);
    if (!item && hooks_.on_undecodable) hooks_.on_undecodable(item.error());
    return item;
  }

  store<T>& store_;
  hooks hooks_;
  std::string ns_;
  typename store<T>::listing staged_;
};

}  // namespace platformer::runtime
