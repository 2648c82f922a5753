// From a kube_config to a client: TLS, connection pool and credentials wired together.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "kube/credentials.hpp"
#include "kube/kube_client.hpp"
#include "kube/kube_config.hpp"
#include "net/http_client.hpp"

namespace platformer::kube {

struct kube_connection {
  std::shared_ptr<net::http_client> http;  // to close, and for its statistics
  std::shared_ptr<kube_client> client;
  std::shared_ptr<const credentials> auth;  // what the client sends, to ask for its problem()
};

struct connect_options {
  kube_client_options client;  // base_path is set from the configuration
  net::http_limits limits;
  std::function<time_point()> now;
  // A rotated CA or client certificate that OpenSSL does not take; the old one stays. For the log.
  std::function<void(const error&)> on_bad_tls;
};

// Fails when the CA, certificate or key can't be used; says which configuration they came from. Connects to
// nothing.
result<kube_connection> connect(boost::asio::any_io_executor executor, const kube_config& config,
                                connect_options options);

}  // namespace platformer::kube
