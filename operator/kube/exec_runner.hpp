// Runs an exec plugin: one child process, its reply understood.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/result.hpp"
#include "kube/exec_credential.hpp"

namespace platformer::kube {

inline constexpr duration exec_time_limit = std::chrono::seconds(60);

// The error names the command, what went wrong and the entry's installHint; it holds nothing of what the
// plugin printed.
boost::asio::awaitable<result<exec_credential>> run_exec_plugin(boost::asio::any_io_executor executor,
                                                                exec_plugin plugin);

}  // namespace platformer::kube
