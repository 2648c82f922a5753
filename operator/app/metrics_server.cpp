#include "app/metrics_server.hpp"

#include <utility>

#include "kube/access_review.hpp"
#include "net/system_time.hpp"

namespace platformer::app {
namespace {

// Room for the longest token beside the usual headers.
constexpr std::size_t header_bytes = kube::token_max_bytes + 8 * 1024;

certificate_files files_of(const metrics_options& wanted) {
  const std::filesystem::path folder(wanted.certificate_folder);
  return {folder / wanted.certificate_name, folder / wanted.key_name};
}

void tell(logger& log, const std::string& problem) {
  if (problem.empty())
    log.log(log_level::info, "the metrics certificate was renewed", {});
  else
    log.log_limited("metrics certificate", log_level::error,
                    "the renewed metrics certificate can't be used; the old one stays in use",
                    {{"reason", problem}});
}

}  // namespace

result<std::unique_ptr<metrics_server>> metrics_server::listen(const metrics_options& wanted, parts from) {
  auto certificate = metrics_certificate::load(files_of(wanted), from.clock());
  if (!certificate) return fail("the metrics certificate can't be used: " + certificate.error().message);
  std::unique_ptr<metrics_server> made(new metrics_server());
  made->clock_ = std::move(from.clock);
  made->certificate_ = std::move(*certificate);
  made->certificate_->on_change([&log = from.log](const std::string& problem) { tell(log, problem); });
  made->guard_ = std::make_shared<scrape_guard>(from.executor, from.kube, from.log, net::steady_time);
  probe_handlers handlers;
  handlers.metrics = std::move(from.scrape);
  handlers.only_metrics = true;
  handlers.guard = [guard = made->guard_](std::string authorization, std::string path) {
    return guard->refuse(std::move(authorization), std::move(path));
  };
  handlers.tls = [certificate = made->certificate_, clock = made->clock_] {
    return certificate->current(clock());
  };
  probe_limits limits;
  limits.header_bytes = header_bytes;
  auto server =
      probe_server::listen(std::move(from.executor), wanted.bind_address, std::move(handlers), limits);
  if (!server) return tl::unexpected(server.error());
  made->server_ = std::move(*server);
  from.log.log(log_level::info, "metrics over TLS are served", {{"address", to_string(made->address())}});
  return made;
}

metrics_server::~metrics_server() {
  stop();
}

check_result metrics_server::check() const {
  return certificate_->check(clock_());
}

void metrics_server::stop() {
  guard_->stop();
  if (server_) server_->stop();
}

}  // namespace platformer::app
