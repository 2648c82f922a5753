// kube_client's questions about others' rights. The token is in wiped buffers; what the apiserver says about
// a failure is reduced, as it may quote what it was sent.
#include "kube/access_review.hpp"
#include "kube/json_text.hpp"
#include "kube/kube_client_impl.hpp"
#include "kube/list_page.hpp"

namespace platformer::kube {

using net::http_method;

task<nlohmann::json> kube_client::impl::review(resource res, std::shared_ptr<const secret_string> body) {
  auto path = collection_path(res, "");
  if (!path) co_return refuse(path.error());
  request_plan made = plan(http_method::post, std::move(*path));
  made.only_asks = true;
  made.body = std::move(body);
  made.policy = message_policy::reduced;
  co_return co_await object(std::move(made));
}

task<reviewed_user> kube_client::review_token(token_handle token) {
  const auto self = impl_;
  auto body = std::make_shared<const secret_string>(encode_token_review(*token));
  resource res = resources::token_reviews();
  const result<nlohmann::json, api_error> reply = co_await self->review(std::move(res), std::move(body));
  if (!reply) co_return tl::unexpected(reply.error());
  auto user = decode_token_review(*reply);
  if (!user) co_return malformed(0, user.error().message);
  co_return std::move(*user);
}

task<bool> kube_client::review_path(reviewed_user user, std::string path, std::string verb) {
  const auto self = impl_;
  auto body = share(dump_json(encode_path_review(user, path, verb)));
  resource res = resources::subject_access_reviews();
  const result<nlohmann::json, api_error> reply = co_await self->review(std::move(res), std::move(body));
  if (!reply) co_return tl::unexpected(reply.error());
  const auto allowed = decode_path_review(*reply);
  if (!allowed) co_return malformed(0, allowed.error().message);
  co_return *allowed;
}

}  // namespace platformer::kube
