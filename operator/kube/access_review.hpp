// Who asks, and may they? The bodies of TokenReview and SubjectAccessReview, and what their replies say.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::kube {

// A user as the apiserver's authentication knows it.
struct reviewed_user {
  std::string name;
  std::string uid{};  // may be empty
  std::vector<std::string> groups{};
  std::map<std::string, std::vector<std::string>> extra{};
};

// What a token has to look like to be sent to the apiserver: the characters of RFC 6750 (letters, digits,
// '-', '.', '_', '~', '+', '/', then '='), at least one, at most token_max_bytes.
inline constexpr std::size_t token_max_bytes = 16 * 1024;
bool is_bearer_token(std::string_view text);

// A TokenReview for the apiserver's own audiences. `token` must satisfy is_bearer_token.
secret_string encode_token_review(const secret_string& token);
// Whose token it is. One without a name: the token is nobody's. Fails when the reply is none of a
// TokenReview.
result<reviewed_user> decode_token_review(const nlohmann::json& reply);

// A SubjectAccessReview about a path that is no resource ("/metrics"); `verb` is "get".
nlohmann::json encode_path_review(const reviewed_user& user, std::string_view path, std::string_view verb);
// Whether it is allowed. Fails when the reply says neither.
result<bool> decode_path_review(const nlohmann::json& reply);

}  // namespace platformer::kube
