// A pure model of a Kubernetes API server with its storage, its garbage collector and its watch cache, for
// the kinds that the operator uses. No JSON, no I/O, no clock, no randomness: `now` comes from outside, UIDs
// are counted. The simulation calls it directly; tests/conformance keeps it true to the real one.
//
//   kube_model cluster;
//   auto made = cluster.create(kube_object(account), now);
//   auto patched = cluster.patch_metadata(kube_kind::service_account, key, patch, now);
//
// A write that changes nothing keeps the version and makes no event. What is returned is shared with the
// storage. What it leaves out is said in docs/testing.md.
#pragma once

#include <array>
#include <limits>
#include <unordered_map>

#include "tests/models/kube_model_types.hpp"

namespace platformer::models {

class kube_model {
 public:
  explicit kube_model(fingerprint_function fingerprint = fast_fingerprint);

  // ---- reads
  kube_answer<kube_pointer> get(kube_kind kind, const object_key& key) const;
  // `replica`: the version up to which the answering server's watch cache has come; it serves "0" from that
  // and refuses what it is too old for (504 Timeout: server_error). 0: it is up to date.
  kube_answer<kube_page> list(kube_kind kind, const kube_list_options& options,
                              kube_version replica = 0) const;
  // Events after `since`, as a watch with this selector tells them: an object that begins to match is ADDED,
  // one that ceases to match is DELETED. `gone` when `since` is compacted away. At most `limit` of them. Only
  // the selector and the namespace of the options count.
  kube_answer<std::vector<kube_event>> events_after(
      kube_kind kind, const kube_list_options& selector, kube_version since,
      std::size_t limit = std::numeric_limits<std::size_t>::max(), kube_version replica = 0) const;
  // What a watch with sendInitialEvents tells first: ADDED for each object that there is, and the bookmark
  // that ends them. Fails as list() does.
  kube_answer<std::vector<kube_event>> initial_events(kube_kind kind, const kube_list_options& options,
                                                      kube_version replica = 0) const;
  // What a quiet watch is told now and then.
  kube_event bookmark(kube_version replica = 0) const {
    return {kube_event_type::bookmark, replica == 0 ? version_ : replica, nullptr};
  }

  // ---- writes; a dry run checks everything and changes nothing
  // `already_exists` only for what would have been valid and admitted.
  kube_answer<kube_pointer> create(kube_object object, time_point now, bool dry_run = false);
  // PUT: metadata, spec and data; status is kept. A resourceVersion or uid in the object is a precondition;
  // without a version it overwrites (Secrets) or is refused (all others: invalid). The PUT of a Lease that
  // does not exist creates it.
  kube_answer<kube_pointer> update(kube_object object, time_point now, bool dry_run = false);
  // PUT and merge patch of the status subresource: everything but status is kept.
  kube_answer<kube_pointer> update_status(kube_object object, time_point now,
                                          status_write how = status_write::merge_patch, bool dry_run = false);
  kube_answer<kube_pointer> patch_metadata(kube_kind kind, const object_key& key, const metadata_patch& patch,
                                           time_point now, bool dry_run = false);
  // A merge patch of a Secret as secret_write describes it; a create when it creates.
  kube_answer<kube_pointer> write_secret(const secret_write& write, time_point now, bool dry_run = false);
  // With finalizers the object is marked; without it is gone. Deleting what is marked already changes
  // nothing.
  kube_answer<void> remove(kube_kind kind, const object_key& key, const preconditions& only_if,
                           time_point now, bool dry_run = false);

  // ---- what others do
  // One round of the garbage collector: dependents whose owners (by UID) are all gone are deleted, those with
  // some owners left lose the references to the others. Owners of kinds that the model does not have count as
  // present. True when it changed something.
  bool collect_garbage(time_point now);
  // Versions before this one can be neither watched nor continued from any more.
  void compact(kube_version up_to);
  // Keeps the last check under its name; an empty function removes it.
  void set_admission(std::string name, kube_kind kind, admission_check check);
  // Null: nobody listens. Called after the change is in place; it must not write.
  void set_listener(std::function<void(const kube_change&)> listener) { listener_ = std::move(listener); }

  // ---- for oracles
  kube_version version() const { return version_; }
  kube_version compacted() const { return compacted_; }
  // In order of namespace and name.
  std::vector<kube_pointer> all(kube_kind kind) const;
  // Everything that ever happened to that kind, oldest first.
  const std::vector<kube_change>& history(kube_kind kind) const { return shelf_of(kind).history; }

 private:
  struct shelf {
    std::unordered_map<object_key, kube_pointer> objects;
    std::vector<kube_change> history;
    std::vector<kube_pointer> told;  // for each change, the object that its event shows
  };
  struct admission {
    std::string name;
    kube_kind kind;
    admission_check check;
  };

  const shelf& shelf_of(kube_kind kind) const { return shelves_[static_cast<std::size_t>(kind)]; }
  shelf& shelf_of(kube_kind kind) { return shelves_[static_cast<std::size_t>(kind)]; }
  const kube_pointer* find(kube_kind kind, const object_key& key) const;
  // In order, as they were at that version.
  std::vector<kube_pointer> snapshot(kube_kind kind, const kube_list_options& options, kube_version at) const;
  // Which version a list is answered from.
  kube_answer<kube_version> version_to_list(const kube_list_options& options, kube_version replica) const;

  // Validation, admission, storage: the end of every write. `before` is null for a create; `stored_status`:
  // the status subresource was written.
  kube_answer<kube_pointer> put(kube_object&& after, const kube_pointer& before, bool dry_run);
  std::optional<api_error> admit(kube_kind kind, const kube_object* before, const kube_object* after) const;
  kube_pointer store(kube_object&& after, const kube_pointer& before);
  void erase(const kube_pointer& before);
  void seal(secret_content& content, const secret_content* before) const;
  bool collect(const kube_pointer& dependent, time_point now);
  bool is_present(const owner_reference& owner, const std::string& ns) const;

  fingerprint_function fingerprint_;
  std::array<shelf, kube_kinds> shelves_;
  std::vector<admission> admissions_;
  std::function<void(const kube_change&)> listener_;
  kube_version version_ = 0;
  kube_version compacted_ = 0;
  std::uint64_t uids_ = 0;
};

}  // namespace platformer::models
