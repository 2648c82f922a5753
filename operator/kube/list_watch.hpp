// What a watch needs of a kube_client, and what its failures mean.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kube/kube_client.hpp"

namespace platformer::kube {

// The two verbs of one resource in one namespace; a port, so that tests need no server.
class list_watch {
 public:
  virtual ~list_watch() = default;
  virtual task<list_page> list(list_options options) = 0;
  virtual task<std::unique_ptr<net::http_stream>> watch(watch_options options) = 0;
};

// An empty namespace means all of them. The client must outlive what is returned.
std::unique_ptr<list_watch> make_list_watch(kube_client& client, resource res, std::string ns = {});

// What a failed verb ("list" or "watch") means and what to do about it, for status().problem.
std::string explain_watch_failure(const api_error& error, std::string_view verb, const resource& what,
                                  std::string_view ns);

}  // namespace platformer::kube
