// Whether a server's message could quote a Secret's value in some encoding.
#pragma once

#include <string_view>
#include <vector>

#include "base/secret_string.hpp"

namespace platformer::kube {

using sent_values = std::vector<token_handle>;

// True when the message holds eight or more consecutive bytes of a value (or all of a shorter one), as they
// are, in base64 or in hexadecimal; when it holds a long run that looks encoded; or a list of byte values.
// Errs on the side of true: such a message is dropped.
bool could_quote(std::string_view message, const sent_values& values);

}  // namespace platformer::kube
