// Performs what accounts::step wants of one ServiceAccount: effects become I/O, answers go back into step.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "app/world.hpp"

namespace platformer::app {

// One reconcile. Never throws; returns when the object is to be left alone for a while.
boost::asio::awaitable<outcome> reconcile_account(world& in, object_key key);

}  // namespace platformer::app
