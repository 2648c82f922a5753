// The program's version, from git at configure time.
#pragma once

#include <string_view>

namespace platformer {

std::string_view version();

}  // namespace platformer
