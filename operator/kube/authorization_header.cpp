#include "kube/authorization_header.hpp"

#include <algorithm>
#include <string>

#include "net/digest.hpp"

namespace platformer::kube {

bool is_header_token(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char each) {
    const auto c = static_cast<unsigned char>(each);
    return c > 0x20 && c != 0x7f;
  });
}

std::shared_ptr<const secret_string> bearer_value(std::string_view token) {
  static constexpr std::string_view scheme = "Bearer ";
  std::string value;
  value.reserve(scheme.size() + token.size());
  value.append(scheme).append(token);
  return std::make_shared<const secret_string>(secret_string::take(std::move(value)));
}

std::shared_ptr<const secret_string> basic_value(std::string_view user, std::string_view password) {
  static constexpr std::string_view scheme = "Basic ";
  std::string login;
  login.reserve(user.size() + 1 + password.size());
  login.append(user).append(":").append(password);
  std::string value;
  value.reserve(scheme.size() + net::base64_size(login.size()));
  value.append(scheme);
  net::base64_append(value, login);
  wipe(login);
  return std::make_shared<const secret_string>(secret_string::take(std::move(value)));
}

}  // namespace platformer::kube
