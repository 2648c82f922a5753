// Performs what accounts::step wants of one ServiceAccount: effects become I/O, answers go back into step.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>

#include "app/world.hpp"

namespace platformer::app {

// One reconcile. Never throws; returns when the object is to be left alone for a while.
boost::asio::awaitable<outcome> reconcile_account(world& in, object_key key);

// For metrics.
std::map<readiness, std::size_t> count_by_readiness(const world& in);

}  // namespace platformer::app
