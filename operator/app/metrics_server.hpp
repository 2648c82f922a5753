// /metrics over TLS on a port of its own, for those whom Kubernetes lets get it: certificate, guard and
// listener put together. With --metrics-secure; else metrics are beside the probes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "app/logging.hpp"
#include "app/metrics_certificate.hpp"
#include "app/options.hpp"
#include "app/probe_server.hpp"
#include "app/scrape_guard.hpp"
#include "kube/kube_client.hpp"

namespace platformer::app {

class metrics_server {
 public:
  struct parts {
    boost::asio::any_io_executor executor;
    const kube::kube_client& kube;  // asked who may scrape
    logger& log;                    // outlives the server
    std::function<time_point()> clock;
    std::function<std::string()> scrape;  // the text format
  };

  // Fails when the certificate or the address can't be used, and says which and why.
  static result<std::unique_ptr<metrics_server>> listen(const metrics_options& wanted, parts from);
  ~metrics_server();
  metrics_server(const metrics_server&) = delete;
  metrics_server& operator=(const metrics_server&) = delete;

  // Whether the certificate in use, and what its files hold by now, are good.
  check_result check() const;
  const listen_address& address() const { return server_->address(); }
  void stop();

 private:
  metrics_server() = default;

  std::shared_ptr<metrics_certificate> certificate_;
  std::shared_ptr<scrape_guard> guard_;
  std::unique_ptr<probe_server> server_;
  std::function<time_point()> clock_;
};

}  // namespace platformer::app
