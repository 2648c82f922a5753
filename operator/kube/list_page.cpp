#include "kube/list_page.hpp"

#include "kube/kube_client_impl.hpp"
#include "model/json_read.hpp"
#include "runtime/bounded_json.hpp"

namespace platformer::kube {

result<nlohmann::json, api_error> decode_reply_object(int http_status, std::string_view body) {
  auto tree = runtime::parse_bounded(body, runtime::managed_fields::skip);
  if (!tree) return malformed(http_status, "the reply can't be understood: " + tree.error().message);
  if (!tree->is_object()) return malformed(http_status, "the reply is not a JSON object");
  return std::move(*tree);
}

result<list_page, api_error> decode_list_page(int http_status, std::string_view body, std::string_view date) {
  auto tree = decode_reply_object(http_status, body);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  const auto* metadata = read_object(*tree, "metadata");
  if (metadata == nullptr) return malformed(http_status, "the reply is not a list");
  list_page page;
  page.resource_version = read_string(*metadata, "resourceVersion");
  page.continue_token = read_string(*metadata, "continue");
  page.server_time = parse_http_date(date);
  const auto items = tree->find("items");
  if (items == tree->end() || !(items->is_array() || items->is_null()))
    return malformed(http_status, "the reply is not a list");
  if (items->is_array()) page.items = std::move(items->get_ref<nlohmann::json::array_t&>());
  return page;
}

}  // namespace platformer::kube
