// What kube_client's verbs share. Only for kube_client.cpp and secret_verbs.cpp.
#pragma once

#include <string>
#include <utility>

#include "kube/kube_client.hpp"
#include "kube/paths.hpp"
#include "kube/request_runner.hpp"

namespace platformer::kube {

// A request that we don't send: nothing on the server can bear that name.
inline tl::unexpected<api_error> refuse(const error& why) {
  return tl::unexpected(api_error{api_errc::bad_request, 0, why.message, std::nullopt});
}

inline tl::unexpected<api_error> malformed(int http_status, std::string message) {
  return tl::unexpected(api_error{api_errc::malformed, http_status, std::move(message), std::nullopt});
}

inline std::shared_ptr<const secret_string> share(std::string&& body) {
  return std::make_shared<const secret_string>(secret_string::take(std::move(body)));
}

// DeleteOptions; null when the options say nothing. Once there is a body, the apiserver ignores the query.
std::shared_ptr<const secret_string> delete_body(const delete_options& options);

struct kube_client::impl {
  request_runner runner;
  kube_client_options options;

  request_plan plan(net::http_method method, std::string target) const {
    request_plan made;
    made.method = method;
    made.target = std::move(target);
    made.accept = std::string(accept_json);
    made.content_type = std::string(accept_json);
    made.max_reply_bytes = options.max_object_bytes;
    return made;
  }
  // Sends it and understands the reply as one JSON object.
  task<nlohmann::json> object(request_plan made);
  task<std::monostate> remove(resource res, object_key key, delete_options wanted, message_policy policy);
  // A question put as an object that is created and not kept; the reply is the object with its status.
  task<nlohmann::json> review(resource res, std::shared_ptr<const secret_string> body);
};

}  // namespace platformer::kube
