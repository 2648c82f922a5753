// What the process listens on: probes, with metrics beside them or, with --metrics-secure, apart over TLS.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/metrics_server.hpp"
#include "app/options.hpp"
#include "app/probe_server.hpp"

namespace platformer::app {

class endpoints {
 public:
  // `ready` answers /readyz. Fails when an address or the metrics' certificate can't be used; logs the
  // addresses.
  result<void> listen(const options& wanted, const metrics_server::parts& from,
                      std::function<std::vector<check_result>()> ready);
  // Checks of their own, for /readyz.
  void add_checks(std::vector<check_result>& all) const;
  void stop();

 private:
  std::unique_ptr<probe_server> probes_;
  std::unique_ptr<metrics_server> secure_metrics_;
};

}  // namespace platformer::app
