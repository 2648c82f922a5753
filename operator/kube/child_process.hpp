// A short-lived child process whose output is read without blocking the loop.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"

namespace platformer::kube {

struct child_command {
  std::string program;                   // a path, or a name to look for in PATH
  std::vector<std::string> arguments;    // without the program's own name
  std::vector<std::string> environment;  // "NAME=value"
  duration time_limit = std::chrono::seconds(60);
  std::size_t output_limit = std::size_t{1024} * 1024;
};

// What it wrote to stdout, once it has exited with 0. stdin and stderr are /dev/null. The error says what
// happened
// ("exited with status 3", "took longer than 60s") and holds none of the output. Its whole process group is
// killed when time or output run over. Our open files and sockets are not inherited.
boost::asio::awaitable<result<secret_string>> run_child(boost::asio::any_io_executor executor,
                                                        child_command command);

}  // namespace platformer::kube
