// How a port that answers at once waits for a client that doesn't. Only for server_*.cpp.
#pragma once

#include "tests/conformance/kube/server_port.hpp"
#include "tests/unit/kube/run.hpp"

namespace platformer::conformance {

template <class T>
T server_port::wait(boost::asio::awaitable<T> work) {
  return kube::testing::run(io_, std::move(work));
}

}  // namespace platformer::conformance
