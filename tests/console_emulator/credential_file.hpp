// The operator credential that the emulator hands out at its start.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "tests/console_emulator/world.hpp"

namespace platformer::emulator {

// The message names the file.
result<std::string> read_whole_file(const std::filesystem::path& file);

// A credential with organization.admin, beside those of earlier starts: what runs with one of them goes on.
result<token_handle> add_operator_credential(world& console, const std::string& organization_id);

// Leaves the file alone when it holds a live credential, else puts a new one into it, mode 0600, in one step.
result<void> keep_credential_file(world& console, const std::string& organization_id,
                                  const std::filesystem::path& file);

}  // namespace platformer::emulator
