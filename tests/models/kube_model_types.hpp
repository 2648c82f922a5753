// What the pure model of a Kubernetes API server is made of: the objects that it stores, and the shapes of
// calls and events.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "model/api_error.hpp"
#include "model/console_connection.hpp"
#include "model/lease.hpp"
#include "model/secret.hpp"
#include "model/service_account.hpp"

namespace platformer::models {

enum class kube_kind : std::uint8_t { service_account, console_connection, secret, lease };
inline constexpr std::size_t kube_kinds = 4;

// In the order of kube_kind. Immutable once stored, shared by everybody who saw it.
using kube_object = std::variant<service_account, console_connection, secret_content, lease>;
using kube_pointer = std::shared_ptr<const kube_object>;

const object_meta& meta_of(const kube_object& object);
object_meta& meta_of(kube_object& object);
inline kube_kind kind_of(const kube_object& object) {
  return static_cast<kube_kind>(object.index());
}
// With a status subresource, a generation and strict versions; the others are built into the server.
inline bool is_custom(kube_kind kind) {
  return kind == kube_kind::service_account || kind == kube_kind::console_connection;
}
// "ServiceAccount" and "console.platformer.com/v1alpha1", as owner references name them.
std::string_view kind_name(kube_kind kind);
std::string_view api_version_of(kube_kind kind);

template <class T>
using kube_answer = result<T, api_error>;

using kube_version = std::uint64_t;  // metadata.resourceVersion as a number; 0: none

// The version that the object has; 0: none, or not a number.
kube_version version_of(const object_meta& meta);

// What may be asked of a write. Empty: nothing is asked. When it does not hold the write fails: with
// `conflict`, except for a uid in a patch, which the server takes for a change of an immutable field
// (`invalid`), and the `test` of a JSON patch (`invalid`).
struct preconditions {
  std::string uid;
  std::string resource_version;
};

enum class patch_kind : std::uint8_t {
  merge,      // lists are replaced, a resourceVersion in the body is a precondition
  strategic,  // lists are merged, owners by uid; built-in kinds only (custom resources: 415)
  json,       // whole lists and single annotations by add/remove, preconditions by `test` (422 when it fails)
};

// A change of metadata; what is not named stays as it is.
struct metadata_patch {
  patch_kind kind = patch_kind::merge;
  preconditions only_if;
  std::optional<std::vector<std::string>> finalizers;
  std::optional<std::vector<owner_reference>> owners;
  std::map<std::string, std::optional<std::string>, std::less<>> labels;       // nullopt: remove
  std::map<std::string, std::optional<std::string>, std::less<>> annotations;  // nullopt: remove
};

// How a status is written.
enum class status_write : std::uint8_t {
  merge_patch,  // without a version it is unconditional; a uid is not looked at
  put,          // without a version it is refused (`invalid`); a uid is a precondition
};

struct kube_list_options {
  std::string label_selector;    // "key=value" pairs with commas; empty: all
  std::string ns;                // empty: all
  std::string resource_version;  // "": the newest; "0": whatever the answering replica has; else not older
  std::string continue_token;
  unsigned limit = 0;  // 0: all at once; version "0" is always given all at once
};

struct kube_page {
  kube_version version = 0;    // of the list
  std::string continue_token;  // empty: the last page
  std::vector<kube_pointer> items;
};

enum class kube_event_type : std::uint8_t { added, modified, deleted, bookmark };

struct kube_event {
  kube_event_type type = kube_event_type::bookmark;
  kube_version version = 0;
  kube_pointer object;  // null for a bookmark; for `deleted` the last state, at the deletion's version
};

// What stands between a valid write and the storage: quotas, webhooks, policies. An error refuses; dry runs
// are refused as well. `before` is null for a create, `after` for a delete. Asked for a status, too, and for
// what would change nothing; the removal of the last finalizer is a change and no delete.
using admission_check =
    std::function<std::optional<api_error>(const kube_object* before, const kube_object* after)>;

// Every change of the storage, in order: the simulation's oracles listen.
struct kube_change {
  kube_version version = 0;
  kube_pointer before;  // null: created
  kube_pointer after;   // null: gone
};

// The fingerprint of a Secret's value, as kube_client would compute it.
using fingerprint_function = std::function<std::string(std::string_view bytes)>;
// "sha256:" and 12 hex digits, but of a fast hash: equal for equal bytes, which is all that pure code asks.
std::string fast_fingerprint(std::string_view bytes);

}  // namespace platformer::models
