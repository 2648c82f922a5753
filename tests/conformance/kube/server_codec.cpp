#include "tests/conformance/kube/server_codec.hpp"

#include "kube/json_text.hpp"
#include "kube/secret_codec.hpp"
#include "model/codec.hpp"
#include "net/digest.hpp"

namespace platformer::conformance {
namespace {

using models::meta_of;
using nlohmann::json;

json encode_meta(const object_meta& meta) {
  json encoded{{"name", meta.name}, {"namespace", meta.ns}};
  if (!meta.uid.empty()) encoded["uid"] = meta.uid;
  if (!meta.resource_version.empty()) encoded["resourceVersion"] = meta.resource_version;
  if (meta.generation != 0) encoded["generation"] = meta.generation;
  if (meta.created != time_point{}) encoded["creationTimestamp"] = format_rfc3339(meta.created);
  if (meta.deleted) encoded["deletionTimestamp"] = format_rfc3339(*meta.deleted);
  if (!meta.labels.empty()) encoded["labels"] = meta.labels;
  if (!meta.annotations.empty()) encoded["annotations"] = meta.annotations;
  if (!meta.finalizers.empty()) encoded["finalizers"] = meta.finalizers;
  if (!meta.owners.empty()) encoded["ownerReferences"] = encode_owners(meta.owners);
  return encoded;
}

void put(json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

void encode_content(json& into, const service_account& account) {
  json spec = json::object();
  spec["connectionRef"] = {{"name", account.spec.connection}};
  put(spec, "description", account.spec.description);
  put(spec, "project", account.spec.project);
  if (account.spec.account_name != account.meta.name) put(spec, "accountName", account.spec.account_name);
  if (account.spec.suspend) spec["suspend"] = true;
  into["spec"] = std::move(spec);
  into["status"] = encode_status(account.status);
}

void encode_content(json& into, const console_connection& connection) {
  into["spec"] = {{"organization", connection.spec.organization},
                  {"credentialsSecretRef", {{"name", connection.spec.credentials.name}}}};
  into["status"] = encode_status(connection.status);
}

void encode_content(json& into, const secret_content& content) {
  put(into, "type", content.type);
  if (content.immutable) into["immutable"] = true;
  for (const auto& [key, entry] : content.data) {
    std::string text;
    if (entry.value) net::base64_append(text, entry.value->reveal());
    into["data"][key] = text;
  }
}

void encode_content(json& into, const lease& record) {
  into["spec"] = encode_lease(record)["spec"];
}

template <class T>
kube_answer<kube_object> taken(result<T> decoded) {
  if (!decoded)
    return tl::unexpected(api_error{.code = api_errc::malformed, .message = decoded.error().message});
  return kube_object(std::move(*decoded));
}

// "/metadata/annotations/example.com~1key"
std::string pointer(const char* map, std::string_view key) {
  std::string path = std::string("/metadata/") + map + "/";
  for (const char each : key) {
    if (each == '/')
      path += "~1";
    else
      path += each;
  }
  return path;
}

json json_patch(const metadata_patch& patch) {
  json operations = json::array();
  const auto say = [&](const char* what, const std::string& path, json value) {
    json operation{{"op", what}, {"path", path}};
    if (!value.is_null()) operation["value"] = std::move(value);
    operations.push_back(std::move(operation));
  };
  if (!patch.only_if.resource_version.empty())
    say("test", "/metadata/resourceVersion", patch.only_if.resource_version);
  if (!patch.only_if.uid.empty()) say("test", "/metadata/uid", patch.only_if.uid);
  if (patch.finalizers) say("add", "/metadata/finalizers", *patch.finalizers);
  if (patch.owners) say("add", "/metadata/ownerReferences", encode_owners(*patch.owners));
  const auto change = [&](const char* map, const auto& changes) {
    for (const auto& [key, value] : changes)
      say(value ? "add" : "remove", pointer(map, key), value ? json(*value) : json());
  };
  change("labels", patch.labels);
  change("annotations", patch.annotations);
  return operations;
}

json map_patch(const auto& changes) {
  json map = json::object();
  for (const auto& [key, value] : changes)
    map[key] = value ? json(*value) : json();
  return map;
}

}  // namespace

kube::resource resource_of(kube_kind kind) {
  switch (kind) {
    case kube_kind::service_account:
      return kube::resources::service_accounts();
    case kube_kind::console_connection:
      return kube::resources::console_connections();
    case kube_kind::secret:
      return kube::resources::secrets();
    case kube_kind::lease:
      break;
  }
  return {"coordination.k8s.io", "v1", "leases", true};
}

json encode(const kube_object& object) {
  const kube_kind kind = models::kind_of(object);
  json encoded{{"apiVersion", models::api_version_of(kind)},
               {"kind", models::kind_name(kind)},
               {"metadata", encode_meta(meta_of(object))}};
  std::visit([&](const auto& each) { encode_content(encoded, each); }, object);
  return encoded;
}

kube_answer<kube_object> decode(kube_kind kind, const json& object) {
  if (object.value("kind", "") == "PartialObjectMetadata") {
    auto meta = decode_meta(object);
    if (!meta) return taken(result<lease>(tl::unexpected(meta.error())));
    switch (kind) {
      case kube_kind::service_account:
        return service_account{.meta = std::move(*meta), .spec = {}, .status = {}, .spec_error = {}};
      case kube_kind::console_connection:
        return console_connection{.meta = std::move(*meta), .spec = {}, .status = {}, .spec_error = {}};
      case kube_kind::secret:
        return secret_content{.meta = std::move(*meta), .type = {}, .immutable = false, .data = {}};
      case kube_kind::lease:
        return lease{.meta = std::move(*meta), .spec = {}};
    }
  }
  switch (kind) {
    case kube_kind::service_account:
      return taken(decode_service_account(object));
    case kube_kind::console_connection:
      return taken(decode_console_connection(object));
    case kube_kind::secret:
      return taken(kube::decode_secret(kube::dump_json(object)));
    case kube_kind::lease:
      break;
  }
  return taken(decode_lease(object));
}

json encode(const metadata_patch& patch) {
  if (patch.kind == models::patch_kind::json) return json_patch(patch);
  json metadata = json::object();
  put(metadata, "resourceVersion", patch.only_if.resource_version);
  put(metadata, "uid", patch.only_if.uid);
  if (patch.finalizers) metadata["finalizers"] = *patch.finalizers;
  if (patch.owners) metadata["ownerReferences"] = encode_owners(*patch.owners);
  if (!patch.labels.empty()) metadata["labels"] = map_patch(patch.labels);
  if (!patch.annotations.empty()) metadata["annotations"] = map_patch(patch.annotations);
  return {{"metadata", std::move(metadata)}};
}

kube::patch_type type_of(models::patch_kind kind) {
  switch (kind) {
    case models::patch_kind::merge:
      return kube::patch_type::merge;
    case models::patch_kind::strategic:
      return kube::patch_type::strategic;
    case models::patch_kind::json:
      break;
  }
  return kube::patch_type::json;
}

json status_patch(const kube_object& from, const kube_object& to) {
  json patch = merge_difference(encode(from), encode(to));
  const object_meta& meta = meta_of(to);
  // Not named is not the same as taken away.
  if (patch.contains("metadata"))
    for (const char* field : {"resourceVersion", "uid"})
      patch["metadata"].erase(field);
  put(patch["metadata"], "resourceVersion", meta.resource_version);
  put(patch["metadata"], "uid", meta.uid);
  return patch;
}

}  // namespace platformer::conformance
