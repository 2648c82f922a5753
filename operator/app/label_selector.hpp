// The shape of a Kubernetes label selector, checked before the apiserver is asked.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace platformer::app {

// Terms separated by commas: `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)`,
// `key notin (a,b)`, `key>1`, `key<1`; keys and values as Kubernetes allows them for labels. The message
// says which piece is wrong.
result<void> check_label_selector(std::string_view text);

}  // namespace platformer::app
