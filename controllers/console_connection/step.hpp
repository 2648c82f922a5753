// step: what to do next for one ConsoleConnection: read its credential, prove that it works, find the
// organization, hand the client to the accounts; hold the object while accounts use it. Pure, as
// controllers/service_account/step.hpp.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "controllers/console_connection/effects.hpp"

namespace platformer::connections {

struct snapshot {
  console_connection object;
  std::size_t users = 0;  // ServiceAccounts that refer to it
  // The client in use was made from this generation and nobody had reason to doubt its credential since.
  bool client_is_current = false;
  std::string organization_id;  // of the client in use; "" when there is none
};

struct conclusion {
  enum class outlook : std::uint8_t { ready, reconciling, stalled };
  outlook view = outlook::ready;
  const reason_info* why = &reason::connected;
  std::string message;
  stop next = finished{};
  bool write_status = true;
};

struct state {
  std::optional<secret_content> credentials;
  std::optional<secret_content> ca;
  bool client_built = false;
  std::optional<bool> credential_live;
  std::string organization_id;
  bool installed = false;
  bool dropped = false;
  std::optional<object_meta> patched;  // after our own patches in this run
  std::optional<request> awaiting;
  std::optional<conclusion> end;
  bool status_settled = false;
};

struct step_result {
  state next;
  std::variant<request, stop> effect;
};

step_result step(const snapshot& seen, state now, const response& reply, time_point at);

}  // namespace platformer::connections
