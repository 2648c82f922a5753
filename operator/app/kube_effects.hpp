// The Kubernetes side of both controllers' requests, with our own writes noted in the stores at once, so that
// no decision is made on a copy older than them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "app/world.hpp"

namespace platformer::app {

template <class T>
using attempt = boost::asio::awaitable<result<T, api_error>>;

// Merge patches with a resourceVersion as precondition. Give the object's metadata as it is now.
attempt<object_meta> patch_metadata(world& in, work_kind kind, object_key key, std::string resource_version,
                                    std::vector<std::string> finalizers, std::string operation_annotation);
attempt<object_meta> patch_object_status(world& in, work_kind kind, object_key key,
                                         std::string resource_version, nlohmann::json change);

// A Secret write; a real one is noted in the store when it bears our label.
attempt<object_meta> write_secret(world& in, secret_write write, bool dry_run);

}  // namespace platformer::app
