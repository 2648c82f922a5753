#include "app/endpoints.hpp"

#include <utility>

namespace platformer::app {

result<void> endpoints::listen(const options& wanted, const metrics_server::parts& from,
                               std::function<std::vector<check_result>()> ready) {
  probe_handlers handlers;
  handlers.ready = std::move(ready);
  const bool secure = wanted.metrics.secure;
  if (secure) {
    auto served = metrics_server::listen(wanted.metrics, from);
    if (!served) return tl::unexpected(served.error());
    secure_metrics_ = std::move(*served);
  } else {
    handlers.metrics = from.scrape;
  }
  auto listening = probe_server::listen(from.executor, wanted.bind_address, std::move(handlers));
  if (!listening) return tl::unexpected(listening.error());
  probes_ = std::move(*listening);
  from.log.log(log_level::info, secure ? "probes are served" : "probes and metrics are served",
               {{"address", to_string(probes_->address())}});
  return {};
}

void endpoints::add_checks(std::vector<check_result>& all) const {
  if (secure_metrics_) all.push_back(secure_metrics_->check());
}

void endpoints::stop() {
  probes_->stop();
  if (secure_metrics_) secure_metrics_->stop();
}

}  // namespace platformer::app
