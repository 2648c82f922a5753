// Which method and path template the emulated gateway serves for each operation.
#pragma once

#include <string>
#include <vector>

#include "console/routes.hpp"

namespace platformer::emulator {

struct gateway_route {
  console::call operation;
  std::string method;
  std::string path;  // template, relative to the gateway
  bool operator==(const gateway_route&) const = default;
};

// The operator's own defaults (operator/console/routes.hpp).
inline std::vector<gateway_route> default_gateway_routes() {
  std::vector<gateway_route> routes;
  for (const auto& row : console::default_routes)
    routes.push_back({row.operation, std::string(row.method), std::string(row.path)});
  return routes;
}

}  // namespace platformer::emulator
