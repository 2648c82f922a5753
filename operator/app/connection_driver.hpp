// Performs what connections::step wants of one ConsoleConnection, and tells its ServiceAccounts when its
// standing changes.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "app/world.hpp"

namespace platformer::app {

boost::asio::awaitable<outcome> reconcile_connection(world& in, object_key key);

}  // namespace platformer::app
