// JSON that we write. (What servers wrote is read with runtime/bounded_json.)
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace platformer::kube {

// Never throws: invalid UTF-8 in a string becomes U+FFFD.
inline std::string dump_json(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace platformer::kube
