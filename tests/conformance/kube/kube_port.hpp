// What a case asks of a Kubernetes API server, whichever it is: the pure model or a real one through
// kube_client. Everything happens in one namespace that the port chooses; the `ns` of objects and keys is set
// by the port.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/models/kube_model_types.hpp"

namespace platformer::conformance {

using models::kube_answer;
using models::kube_event;
using models::kube_event_type;
using models::kube_kind;
using models::kube_object;
using models::metadata_patch;
using models::preconditions;
using models::status_write;

struct page {
  std::string version;
  std::string continue_token;
  std::vector<kube_object> items;
};

struct event {
  kube_event_type type = kube_event_type::bookmark;
  std::string version;
  std::optional<kube_object> object;  // nothing in a bookmark
};

// Which objects, and how much of them.
struct selection {
  std::string label_selector;
  std::string resource_version;
  std::string continue_token;
  unsigned limit = 0;
  bool metadata_only = false;
};

// What becomes of continue tokens, by whatever it takes.
enum class token_damage : std::uint8_t { garbled, expired };

// What a policy says about an object with the label "refused".
enum class refusal_kind : std::uint8_t { forbidden, invalid };

class kube_port {
 public:
  virtual ~kube_port() = default;

  virtual kube_answer<kube_object> create(kube_object object, bool dry_run) = 0;
  virtual kube_answer<kube_object> update(kube_object object, bool dry_run) = 0;
  // Of the whole object, which a merge patch turns `from` into; both may differ in more than their status.
  virtual kube_answer<kube_object> write_status(const kube_object& from, kube_object to, status_write how,
                                                bool dry_run) = 0;
  virtual kube_answer<kube_object> patch(kube_kind kind, const std::string& name, const metadata_patch& patch,
                                         bool dry_run) = 0;
  // The metadata of what was written; of a dry run nothing but the name.
  virtual kube_answer<object_meta> write_secret(secret_write write, bool dry_run) = 0;
  virtual kube_answer<void> remove(kube_kind kind, const std::string& name, const preconditions& only_if,
                                   bool dry_run) = 0;

  virtual kube_answer<kube_object> get(kube_kind kind, const std::string& name) = 0;
  virtual kube_answer<page> list(kube_kind kind, const selection& which) = 0;
  // All events after the selection's version up to that of `last`, an object which was just created and
  // matches; its own is left out.
  virtual kube_answer<std::vector<event>> events(kube_kind kind, const selection& which,
                                                 const std::string& last) = 0;
  virtual kube_answer<std::vector<event>> initial_events(kube_kind kind, const selection& which) = 0;
  // The first one that a quiet watch tells.
  virtual kube_answer<event> bookmark(kube_kind kind, const selection& which) = 0;

  virtual std::string damage(const std::string& continue_token, token_damage how) = 0;
  // A version that is too old for every watch.
  virtual std::string ancient_version(kube_kind kind) = 0;
  // No more Secrets than there are can be created from now on.
  virtual void exhaust_secret_quota() = 0;
  // Creating, changing and deleting Secrets with that label is refused from now on.
  virtual void refuse_labelled_secrets(refusal_kind how) = 0;
  // Until the garbage collector has dealt with what lost its owners: true once the object is as `done` wants
  // it, which gets nothing when it is gone.
  virtual bool await_collection(kube_kind kind, const std::string& name,
                                const std::function<bool(const kube_object*)>& done) = 0;
};

}  // namespace platformer::conformance
