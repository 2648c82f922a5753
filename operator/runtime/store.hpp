// An informer's store: the last known state of every object of one kind, fed by one writer (a watch and our
// own writes), read through read-only handles. Nothing in it throws or does I/O.
//
// T has a member `object_meta meta`. Objects are immutable: a copy that a worker holds stays as it was. They
// are kept as they are, or packed (kept_object.hpp). Every change is returned as a diff {before, after}, so
// that the caller decides which keys to queue.
//
// Guarantees
// - An object never goes back in time: what is not newer than the stored copy is ignored, so a watch event
//   that is older than our own write (noted with note_write) changes nothing.
// - replace_all makes the store equal to a list in one step and reports what vanished as deleted, except
//   objects that we wrote after the list was taken.
// - Neither a repeated event nor note_write brings back an object whose deletion the watch has reported.
// - When a list is older than what the watch has told before, the server's storage was reset (a restored
//   etcd): then the list wins over everything stored.
// Assumption: versions of one kind are comparable (is_newer); an unknown format counts as newer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/object_meta.hpp"
#include "runtime/kept_object.hpp"

namespace platformer::runtime {

enum class change_kind : std::uint8_t {
  added,    // before is null
  updated,  // both are set; the uid may differ (deleted and created again)
  deleted,  // after is null
};

template <class T>
struct store_change {
  change_kind kind;
  object_key key;
  std::shared_ptr<const T> before;
  std::shared_ptr<const T> after;
};

// How the store came to know of an object's state.
enum class observed_by : std::uint8_t {
  live_added,     // a watch's ADDED event after the initial list
  live_modified,  // a watch's MODIFIED event
};

using index_terms = std::set<std::string, std::less<>>;

// Computes the terms under which an object is found in an index, such as its owners' UIDs. Must be pure.
template <class T>
using index_function = std::function<index_terms(const T&)>;

template <class T>
class store;

// A read-only handle; cheap to copy, may outlive the writer.
template <class T>
class store_reader {
 public:
  using pointer = std::shared_ptr<const T>;

  pointer get(const object_key& key) const {
    const auto found = state_->entries.find(key);
    return found == state_->entries.end() ? nullptr : found->second.object.get(state_->form);
  }

  std::size_t size() const { return state_->entries.size(); }

  // Keys of the objects with that term, in order. The index must have been named at construction.
  std::vector<object_key> find(std::string_view index, std::string_view term) const;

  // How many find() would give.
  std::size_t count(std::string_view index, std::string_view term) const;

  // Whether the stored object (this uid) entered through a live ADDED event, never through a list. Together
  // with a creationTimestamp after the server's time at the first sync it is provably new: alone it is not,
  // since ADDED is also sent when an old object begins to match a selector, or when the first list came from
  // an old cache.
  bool seen_live_added(const object_key& key) const {
    const auto found = state_->entries.find(key);
    return found != state_->entries.end() && found->second.live_added;
  }

  // Whether a complete list of every scope has been stored.
  bool synced() const;

  // Visits every object in no particular order; the store must not be changed meanwhile. A packed object is
  // gone after the visit.
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (const auto& [key, stored] : state_->entries)
      visit(key, *stored.object.get(state_->form));
  }

  // The same without unpacking.
  template <class Visitor>
  void for_each_kept(Visitor&& visit) const {
    for (const auto& [key, stored] : state_->entries)
      visit(key, stored.object);
  }
  // Null: there is none. Valid until the store is changed.
  const kept_object<T>* find_kept(const object_key& key) const {
    const auto found = state_->entries.find(key);
    return found == state_->entries.end() ? nullptr : &found->second.object;
  }

 protected:
  struct entry {
    kept_object<T> object;
    bool live_added = false;
  };
  using place = std::pair<const object_key, entry>;
  // What one watch covers.
  struct scope {
    bool synced = false;
    std::string observed;  // the version up to which its watch has told everything
  };
  // Keys of entries, which stay where they are, in their order.
  struct by_key {
    bool operator()(const object_key* a, const object_key* b) const { return *a < *b; }
  };
  using postings = std::set<const object_key*, by_key>;
  struct index {
    std::string name;
    index_function<T> terms_of;
    std::unordered_map<std::string, postings> keys;
  };
  struct state {
    packer<T> form;
    std::unordered_map<object_key, entry> entries;
    std::vector<index> indexes;
    std::map<std::string, scope> scopes;  // by namespace; one named "" when the watch covers all namespaces
  };

  explicit store_reader(std::shared_ptr<state> shared) : state_(std::move(shared)) {}

  std::shared_ptr<state> state_;
};

template <class T>
class store : public store_reader<T> {
 public:
  using change = store_change<T>;
  struct named_index {
    std::string name;
    index_function<T> terms_of;
  };

  // `namespaces`: what the watches that feed this store cover, one watch each; none: one watch covers
  // everything.
  explicit store(std::vector<named_index> indexes = {}, const std::vector<std::string>& namespaces = {},
                 packer<T> form = {});
  store(const store&) = delete;
  store& operator=(const store&) = delete;

  store_reader<T> reader() const { return *this; }

  // The items of a list as it comes in, kept as this store keeps objects. Of several with one key the newest
  // counts.
  class listing {
   public:
    explicit listing(const store& of) : form_(of.state_->form) {}
    void add(T item);
    void remove(const object_key& key) { items_.erase(key); }
    void clear() { items_.clear(); }

   private:
    friend store;
    packer<T> form_;
    std::map<object_key, kept_object<T>> items_;
  };

  // A complete list of the scope (a namespace of the constructor, or "") taken at `version`; `told` is called
  // with each change once all are made.
  template <class Tell>
  void replace_all(listing items, std::string version, const std::string& ns, Tell&& told);
  std::vector<change> replace_all(std::vector<T> items, std::string version, const std::string& ns = {});

  // A watch event's object. nullopt: nothing changed, it was a repeated or outdated event.
  std::optional<change> upsert(typename store_reader<T>::pointer object, observed_by how);
  std::optional<change> upsert(T object, observed_by how) {
    return upsert(std::make_shared<const T>(std::move(object)), how);
  }

  // The server's answer to our own write.
  std::optional<change> note_write(typename store_reader<T>::pointer object);
  std::optional<change> note_write(T object) {
    return note_write(std::make_shared<const T>(std::move(object)));
  }

  // A DELETED event; `meta` is the event's object's. Ignored when a newer copy is stored.
  std::optional<change> erase(const object_meta& meta);

  // A bookmark: everything up to `version` has been told.
  void progress(std::string_view version, const std::string& ns = {});

 private:
  using base = store_reader<T>;
  using base::state_;
  using typename base::entry;

  typename base::scope& scope_of(const std::string& ns);
  bool seen_already(const object_meta& meta);
  // Changes as a list makes them, before they are told: nothing is unpacked that nobody reads at the moment.
  struct untold {
    change_kind kind;
    object_key key;
    kept_object<T> before;
  };
  std::vector<untold> take_over(listing items, bool storage_was_reset);
  change put(typename store_reader<T>::pointer object, bool live_added);
  untold put(object_key key, kept_object<T> object);
  void note_change(typename base::place& at, const T* before, const T& after, bool live_added);
  untold remove(const object_key& key);
  // From the terms of what was there (null: nothing) to those of what is.
  void reindex(const object_key& stored_key, const T* before, const T* after);
};

}  // namespace platformer::runtime

#include "runtime/store_impl.hpp"  // IWYU pragma: export
