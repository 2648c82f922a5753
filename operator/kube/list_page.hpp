// A list's reply, read.
#pragma once

#include "kube/kube_client.hpp"

namespace platformer::kube {

// The body of a reply of that status as JSON; `malformed` when it is no object. The message quotes nothing.
result<nlohmann::json, api_error> decode_reply_object(int http_status, std::string_view body);

// One page of any list; `date` is the reply's Date header, "" when absent. Items are not looked at;
// `malformed` when it is no list.
result<list_page, api_error> decode_list_page(int http_status, std::string_view body, std::string_view date);

}  // namespace platformer::kube
