// Objects for the tests of kube_model, all in namespace "team".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/names.hpp"
#include "tests/models/kube_model.hpp"

namespace platformer::models {

inline constexpr time_point start{std::chrono::hours(24 * 365 * 56)};
inline constexpr time_point later = start + std::chrono::hours(1);

inline object_key key_named(std::string name) {
  return {"team", std::move(name)};
}

inline object_meta meta_named(std::string name) {
  object_meta meta;
  meta.name = std::move(name);
  meta.ns = "team";
  return meta;
}

inline service_account account_named(std::string name) {
  service_account account;
  account.spec.account_name = name;
  account.spec.secret.name = name + "-token";
  account.meta = meta_named(std::move(name));
  return account;
}

inline token_handle bytes(std::string_view text) {
  return std::make_shared<const secret_string>(text);
}

inline secret_content secret_named(std::string name, std::string_view token = "t-1") {
  secret_content content;
  content.meta = meta_named(std::move(name));
  content.data["token"] = {bytes(token), ""};
  return content;
}

inline lease lease_named(std::string name, std::string holder) {
  lease record;
  record.meta = meta_named(std::move(name));
  record.spec.holder = std::move(holder);
  record.spec.lease_duration = std::chrono::seconds(15);
  return record;
}

inline owner_reference owned_by(const kube_pointer& owner) {
  const object_meta& meta = meta_of(*owner);
  return {std::string(api_version_of(kind_of(*owner))),
          std::string(kind_name(kind_of(*owner))),
          meta.name,
          meta.uid,
          true,
          false};
}

// Of an answer that must not be an error.
template <class T>
const T& part(const kube_answer<kube_pointer>& answer) {
  return std::get<T>(*answer.value());
}
inline const object_meta& meta(const kube_answer<kube_pointer>& answer) {
  return meta_of(*answer.value());
}
inline kube_version version(const kube_answer<kube_pointer>& answer) {
  return version_of(meta(answer));
}

// "ok" or the error's code.
template <class T>
std::string outcome(const kube_answer<T>& answer) {
  return answer ? "ok" : std::string(to_string(answer.error().code));
}

inline metadata_patch finalizers(std::vector<std::string> list) {
  metadata_patch patch;
  patch.finalizers = std::move(list);
  return patch;
}

inline metadata_patch annotated(std::string key, std::optional<std::string> value) {
  metadata_patch patch;
  patch.annotations.emplace(std::move(key), std::move(value));
  return patch;
}

// "added a@3 deleted b@5" of a watch of everything of that kind after a version.
inline std::string told(const kube_answer<std::vector<kube_event>>& events) {
  if (!events) return std::string(to_string(events.error().code));
  static constexpr const char* names[] = {"added", "modified", "deleted", "bookmark"};
  std::string text;
  for (const kube_event& each : *events) {
    if (!text.empty()) text += ' ';
    text += names[static_cast<std::size_t>(each.type)];
    if (each.object) text += ' ' + meta_of(*each.object).name;
    text += '@' + std::to_string(each.version);
  }
  return text;
}

}  // namespace platformer::models
