// Who we are: the cluster in markers, and this process in intents, events and the Lease.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "app/world.hpp"

namespace platformer::app {

// "<host or pod name>_<random>": tells people which process it was, and no two are ever the same.
std::string process_name();

// The cluster's identity where no option gives one: the UID of namespace kube-system. Asks until it
// is answered; "" when the operator shuts down before. `on_problem` is told what is in the way and what to do
// about it, fit for /readyz.
boost::asio::awaitable<std::string> read_cluster_id(world& in,
                                                    std::function<void(const std::string&)> on_problem);

}  // namespace platformer::app
