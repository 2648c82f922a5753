// The Console's public API without a socket: finds the operation of a request in the one route table
// (operator/console/routes.hpp), holds it to the contract and lets the model carry it out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/routes.hpp"
#include "tests/console_emulator/gateway_routes.hpp"
#include "tests/console_emulator/http_types.hpp"
#include "tests/console_emulator/json_codec.hpp"
#include "tests/console_emulator/world.hpp"

namespace platformer::emulator {

// A request whose operation is known.
struct routed {
  console::call operation;
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, std::string, std::less<>> query;
};

struct performed {
  outgoing reply;
  std::string account_id;  // that the call was about or made; may be empty
  bool committed = false;  // something changed
};

class gateway {
 public:
  gateway(world& console, std::vector<gateway_route> routes) : world_(console), routes_(std::move(routes)) {}

  // 404 for an unknown path, 405 for a wrong method, 400 for a target that can't be read.
  models::answer<routed> route(const incoming& request) const;
  performed perform(const routed& to, const incoming& request);

 private:
  models::answer<outgoing> dispatch(const routed& to, const incoming& request, performed& done);
  models::answer<outgoing> read_directory(const routed& to, const models::console_call& call);
  models::answer<outgoing> list(const routed& to, const models::console_call& call);
  models::answer<outgoing> create(const incoming& request, const models::console_call& call, performed& done);
  models::answer<outgoing> update(const incoming& request, const models::console_call& call, performed& done);
  models::answer<outgoing> renew(const incoming& request, const models::console_call& call, performed& done);
  models::answer<outgoing> remove(const models::console_call& call, performed& done);

  world& world_;
  std::vector<gateway_route> routes_;
};

}  // namespace platformer::emulator
