// Requests and replies as JSON lines without tokens, to be checked against openapi.yaml
// (tests/unit/console/openapi_check.py).
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

#include "tests/console_emulator/http_types.hpp"

namespace platformer::emulator {

class exchange_log {
 public:
  // Appends to `file`; does nothing when it is empty.
  explicit exchange_log(const std::filesystem::path& file);

  void add(std::string_view operation_id, const incoming& request, const outgoing& reply);

 private:
  std::ofstream out_;
};

}  // namespace platformer::emulator
