// The cases: one table a file, put together by all_cases().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/conformance/kube/script.hpp"

namespace platformer::conformance {

struct kube_case {
  std::string name;  // a sentence in snake_case
  // What the server's transcript must contain, so that a case can't agree about nothing.
  std::vector<std::string> says;
  std::function<void(script& on)> run;
};

std::vector<kube_case> creation_cases();
std::vector<kube_case> update_cases();
std::vector<kube_case> status_cases();
std::vector<kube_case> patch_cases();
std::vector<kube_case> secret_cases();
std::vector<kube_case> deletion_cases();
std::vector<kube_case> list_cases();
std::vector<kube_case> watch_cases();
std::vector<kube_case> cluster_cases();

std::vector<kube_case> all_cases();

// ---- what the cases are made of
service_account account(std::string name, std::string description = {});
console_connection connection(std::string name);
secret_content secret(std::string name, std::string_view token = "one");
lease record(std::string name, std::string holder = "me");
token_handle bytes(std::string_view text);

metadata_patch annotated(std::string key, std::optional<std::string> value);
metadata_patch labelled(std::string key, std::optional<std::string> value);
metadata_patch with_finalizers(std::vector<std::string> finalizers);
// The same as another kind of patch.
metadata_patch as(models::patch_kind kind, metadata_patch patch);
// … under conditions.
metadata_patch only_if(metadata_patch patch, preconditions asked);

owner_reference owner(const kube_object& object);
// A version that is past: of an object that this creates.
std::string past_version(script& on);
// A write that creates, and one that changes what was seen.
secret_write writes(std::string name, std::string_view token = "one");
secret_write changes(const object_meta& seen);

template <class T>
T with(T object, const std::function<void(T&)>& change) {
  change(object);
  return object;
}

}  // namespace platformer::conformance
