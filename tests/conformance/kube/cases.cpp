#include "tests/conformance/kube/cases.hpp"

namespace platformer::conformance {

std::vector<kube_case> all_cases() {
  std::vector<kube_case> all;
  for (auto* const table : {creation_cases, update_cases, status_cases, patch_cases, secret_cases,
                            deletion_cases, list_cases, watch_cases, cluster_cases})
    for (kube_case& each : table())
      all.push_back(std::move(each));
  return all;
}

service_account account(std::string name, std::string description) {
  service_account made;
  made.spec.account_name = name;
  made.spec.secret.name = name + "-token";
  made.spec.description = std::move(description);
  made.meta.name = std::move(name);
  return made;
}

console_connection connection(std::string name) {
  console_connection made;
  made.meta.name = std::move(name);
  made.spec.organization = "acme";
  made.spec.credentials = {"credentials", "token"};
  return made;
}

token_handle bytes(std::string_view text) {
  return std::make_shared<const secret_string>(text);
}

secret_content secret(std::string name, std::string_view token) {
  secret_content made;
  made.meta.name = std::move(name);
  made.type = "Opaque";
  made.data["token"] = {bytes(token), {}};
  return made;
}

lease record(std::string name, std::string holder) {
  lease made;
  made.meta.name = std::move(name);
  made.spec.holder = std::move(holder);
  made.spec.lease_duration = std::chrono::seconds(15);
  return made;
}

metadata_patch annotated(std::string key, std::optional<std::string> value) {
  metadata_patch patch;
  patch.annotations.emplace(std::move(key), std::move(value));
  return patch;
}

metadata_patch labelled(std::string key, std::optional<std::string> value) {
  metadata_patch patch;
  patch.labels.emplace(std::move(key), std::move(value));
  return patch;
}

metadata_patch with_finalizers(std::vector<std::string> finalizers) {
  metadata_patch patch;
  patch.finalizers = std::move(finalizers);
  return patch;
}

metadata_patch as(models::patch_kind kind, metadata_patch patch) {
  patch.kind = kind;
  return patch;
}

metadata_patch only_if(metadata_patch patch, preconditions asked) {
  patch.only_if = std::move(asked);
  return patch;
}

owner_reference owner(const kube_object& object) {
  const object_meta& meta = models::meta_of(object);
  const kube_kind kind = models::kind_of(object);
  return {std::string(models::api_version_of(kind)),
          std::string(models::kind_name(kind)),
          meta.name,
          meta.uid,
          false,
          false};
}

std::string past_version(script& on) {
  return on.create(record("past")).meta.resource_version;
}

secret_write writes(std::string name, std::string_view token) {
  secret_write write;
  write.key.name = std::move(name);
  write.data["token"] = bytes(token);
  return write;
}

secret_write changes(const object_meta& seen) {
  secret_write write;
  write.key.name = seen.name;
  write.uid = seen.uid;
  write.resource_version = seen.resource_version;
  return write;
}

}  // namespace platformer::conformance
