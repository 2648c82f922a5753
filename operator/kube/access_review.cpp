#include "kube/access_review.hpp"

#include <algorithm>

#include "model/json_read.hpp"

namespace platformer::kube {
namespace {

constexpr std::size_t listed_max = 1000;  // groups, or values of one kind of extra

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '+' || c == '/';
}

}  // namespace

bool is_bearer_token(std::string_view text) {
  if (text.size() > token_max_bytes) return false;
  const auto end = text.find_last_not_of('=');
  if (end == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end) + 1, is_token_character);
}

secret_string encode_token_review(const secret_string& token) {
  static constexpr std::string_view before =
      R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":")";
  static constexpr std::string_view after = R"("}})";
  std::string body;
  body.reserve(before.size() + token.size() + after.size());  // no reallocation leaves the token behind
  body.append(before).append(token.reveal()).append(after);
  return secret_string::take(std::move(body));
}

result<reviewed_user> decode_token_review(const nlohmann::json& reply) {
  const auto* status = read_object(reply, "status");
  if (status == nullptr) return fail("the reply to a TokenReview has no status");
  if (!read_bool(*status, "authenticated")) return reviewed_user{};
  const auto* user = read_object(*status, "user");
  reviewed_user found;
  if (user != nullptr) found.name = read_string(*user, "username");
  if (found.name.empty()) return fail("the reply to a TokenReview names no user");
  found.uid = read_string(*user, "uid");
  found.groups = read_strings(*user, "groups", listed_max);
  if (const auto* extra = read_object(*user, "extra"))
    for (const auto& [key, values] : extra->items())
      found.extra.emplace(key, read_strings(*extra, key.c_str(), listed_max));
  return found;
}

nlohmann::json encode_path_review(const reviewed_user& user, std::string_view path, std::string_view verb) {
  nlohmann::json spec = {{"user", user.name}, {"nonResourceAttributes", {{"path", path}, {"verb", verb}}}};
  if (!user.uid.empty()) spec["uid"] = user.uid;
  if (!user.groups.empty()) spec["groups"] = user.groups;
  if (!user.extra.empty()) spec["extra"] = user.extra;
  return {
      {"apiVersion", "authorization.k8s.io/v1"}, {"kind", "SubjectAccessReview"}, {"spec", std::move(spec)}};
}

result<bool> decode_path_review(const nlohmann::json& reply) {
  const auto* status = read_object(reply, "status");
  const auto* allowed = status == nullptr ? nullptr : read_member(*status, "allowed");
  if (allowed == nullptr || !allowed->is_boolean())
    return fail("the reply to a SubjectAccessReview says neither yes nor no");
  return allowed->get<bool>() && !read_bool(*status, "denied");
}

}  // namespace platformer::kube
