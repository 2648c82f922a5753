// How long single new objects take to have their Secret.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "kube/kube_client.hpp"
#include "tests/bench/load/actions.hpp"

namespace platformer::bench {

// One object after the other: from just before the request that creates it to the arrival of its Secret's
// event on a watch of metadata. Throws when one takes ten minutes.
boost::asio::awaitable<std::vector<std::chrono::duration<double>>> create_one_by_one(
    std::shared_ptr<kube::kube_client> client, action_options options, std::size_t first, std::size_t count);

}  // namespace platformer::bench
