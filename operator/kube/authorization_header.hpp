// Values of the Authorization header, made without leaving copies of the secret behind.
#pragma once

#include <memory>
#include <string_view>

#include "base/secret_string.hpp"

namespace platformer::kube {

// Whether a token can stand in a header: neither blanks nor control characters.
bool is_header_token(std::string_view token);

std::shared_ptr<const secret_string> bearer_value(std::string_view token);
std::shared_ptr<const secret_string> basic_value(std::string_view user, std::string_view password);

}  // namespace platformer::kube
