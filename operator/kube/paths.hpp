// Request targets: paths of resources and their queries, percent-encoded.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kube/kube_client.hpp"

namespace platformer::kube {

// A query that grows; empty values are left out.
class query {
 public:
  query& add(std::string_view name, std::string_view value);
  query& add_flag(std::string_view name, bool set, std::string_view value = "true");
  // "" or "?a=b&c=d"
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// "/apis/group/version/namespaces/NS/plural"; an empty namespace of a namespaced resource means all of them.
result<std::string> collection_path(const resource& res, std::string_view ns);
// One object, or one of its subresources. Fails for names that no object can bear and that would lead
// elsewhere
// ("", "..", with a slash), and when a namespaced resource's key has no namespace.
result<std::string> object_path(const resource& res, const object_key& key,
                                std::string_view subresource = {});

query list_query(const list_options& options);
query watch_query(const watch_options& options);
query write_query(const write_options& options, std::string_view field_manager);

// Values of Accept.
inline constexpr std::string_view accept_json = "application/json";
inline constexpr std::string_view accept_metadata_list =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
inline constexpr std::string_view accept_metadata =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

std::string_view content_type_of(patch_type type);

}  // namespace platformer::kube
