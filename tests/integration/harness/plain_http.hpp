// One blocking request to a server of ours on loopback, on a connection of its own: for admin ports, metrics
// and probes.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace platformer::test {

struct plain_reply {
  int status = 0;  // 0: nothing answered
  std::string body;
};

// `address` is "127.0.0.1:8080". A body is sent as application/json unless `headers` has a Content-Type.
// Gives up after 10 s.
plain_reply plain_http(const std::string& address, const std::string& method, const std::string& target,
                       const std::string& body = "",
                       const std::vector<std::pair<std::string, std::string>>& headers = {});

}  // namespace platformer::test
