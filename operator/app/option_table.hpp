// The table that parser, environment and help are made from; for options.cpp only.
#pragma once

#include <span>
#include <string_view>

#include "app/options.hpp"
#include "base/result.hpp"

namespace platformer::app {

struct setting {
  const char* name;   // without the dashes
  const char* value;  // what the help calls it; empty: a switch, which needs none
  const char* group;
  const char* help;
  bool repeatable;
  // Fails with what is expected; the caller puts the option's or the variable's name before it.
  result<void> (*apply)(options& into, std::string_view text);
};

std::span<const setting> all_settings();

}  // namespace platformer::app
