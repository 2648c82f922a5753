// Whole files of a bounded size: tokens, PEM files, kubeconfigs.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::kube {

inline constexpr std::size_t small_file_bytes = 4U * 1024 * 1024;

// The file's bytes; fails with "PATH: No such file or directory", for a directory, and beyond `limit` bytes.
// Blocks for as long as a small read takes.
result<secret_string> read_small_file(const std::filesystem::path& path,
                                      std::size_t limit = small_file_bytes);

// The same without blanks at either end (a token file usually ends in a line feed); fails when nothing is
// left.
result<secret_string> read_token_file(const std::filesystem::path& path);

}  // namespace platformer::kube
