// Objects for tests of what the controllers share.
#pragma once

#include <string>

#include "model/console_connection.hpp"
#include "model/names.hpp"
#include "model/service_account.hpp"

namespace platformer::testing {

// A store takes an object whose version is no later than one it saw for a repeated event.
inline std::string next_version() {
  static int last = 10;
  return std::to_string(++last);
}

inline service_account account_named(const std::string& name, time_point created = {}) {
  service_account made;
  made.meta.name = name;
  made.meta.ns = "team";
  made.meta.uid = "uid-of-" + name;
  made.meta.resource_version = next_version();
  made.meta.created = created;
  made.spec.secret.name = name + "-token";
  return made;
}

// With our finalizer, at generation 3.
inline console_connection connection_named(const std::string& name) {
  console_connection made;
  made.meta.name = name;
  made.meta.ns = "team";
  made.meta.uid = "uid-of-" + name;
  made.meta.resource_version = next_version();
  made.meta.generation = 3;
  made.meta.finalizers = {std::string(names::finalizer)};
  return made;
}

}  // namespace platformer::testing
