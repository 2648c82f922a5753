// Tokens that the Console has issued and that are not in their Secrets yet.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "app/world.hpp"

namespace platformer::app {

// Writes them before the process goes, since they exist nowhere else. Gives up, and says so in the log, when
// `out_of_time` says so.
boost::asio::awaitable<void> commit_pending(world& in, std::function<bool()> out_of_time);

}  // namespace platformer::app
