// Inside net only: HTTP CONNECT, which makes a proxy pass bytes through to the server.
#pragma once

#include <memory>

#include "net/connection.hpp"
#include "net/http_client.hpp"

namespace platformer::net {

// On an armed connection to the proxy. After it, the connection speaks to the target. A proxy that does not
// want to is `lost`, with its status in the detail: the target has seen nothing.
io_result<done> open_tunnel(std::shared_ptr<connection> through, endpoint target);

}  // namespace platformer::net
