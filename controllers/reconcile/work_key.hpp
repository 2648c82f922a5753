// What the work queue holds: a kind and a name.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/object_meta.hpp"

namespace platformer::controllers {

enum class work_kind : std::uint8_t {
  service_account,
  console_connection,
};
inline constexpr work_kind work_kinds[] = {work_kind::service_account, work_kind::console_connection};

// The controller's name in metrics and logs, as controller-runtime would spell it.
constexpr std::string_view to_string(work_kind kind) {
  return kind == work_kind::service_account ? "serviceaccount" : "consoleconnection";
}

struct work_key {
  work_kind kind = work_kind::service_account;
  object_key object;
  bool operator==(const work_key&) const = default;
};

}  // namespace platformer::controllers
