// What is asked of all accounts at once: read from a packed one without unpacking the rest, a fifth of a
// microsecond.
#pragma once

#include <optional>
#include <string_view>

#include "model/service_account.hpp"

namespace platformer {

// Texts refer to the object, or to its packed bytes.
struct account_outline {
  std::string_view ns;
  std::string_view uid;
  bool deleted = false;
  std::int64_t generation = 0;
  std::string_view renew;  // the annotation's value; "" when absent
  connection_kind connected_by = connection_kind::namespaced;
  std::string_view connection;
  bool suspend = false;
  std::optional<time_point> expires_at;  // of the token
  std::optional<time_point> renew_at;
  std::string_view last_handled_renew;
  std::int64_t observed_generation = 0;
  std::optional<bool> ready;  // nullopt: without such a condition
  std::string_view ready_reason;
  bool operator==(const account_outline&) const = default;
};

account_outline outline_of(const service_account& object);
// Of what pack() gave.
account_outline outline_of_packed(std::string_view bytes);

}  // namespace platformer
